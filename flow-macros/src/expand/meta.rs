//! The constant description of a step or a workflow.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::lifetimes::everlasting;
use super::serving::{fallback_pointer, fix_pointer, gate_pointer};
use super::tokens::{line, millis, option, resite};
use crate::model::{Function, Kind, OnTimeout, PromptSource, Step};

/// The fields that steps and workflows share.
pub(crate) fn common(function: &Function, id: Option<&LitStr>, kind: TokenStream) -> TokenStream {
    let name = function.name().to_string();
    let id = id.map_or(name.clone(), LitStr::value);
    let doc = function.doc();
    let line = line(function.name().span());
    let arguments = arguments(function);
    let output = contract(&function.output.ok);
    quote! {
        name: #name,
        id: #id,
        module: ::core::module_path!(),
        doc: #doc,
        file: ::core::file!(),
        line: #line,
        kind: ::flow::__private::Kind::#kind,
        arguments: &[#(#arguments),*],
        output: #output,
    }
}

fn arguments(function: &Function) -> impl Iterator<Item = TokenStream> {
    function.data().map(|(position, argument)| {
        let name = argument.name.to_string();
        let inner = everlasting(&argument.inner);
        quote! {
            ::flow::__private::Argument {
                name: #name,
                position: #position,
                contract: ::flow::__private::In::<#inner>::CONTRACT,
            }
        }
    })
}

fn contract(ok: &syn::Type) -> TokenStream {
    quote!(::flow::__private::Out::<#ok>::CONTRACT)
}

/// How a step is executed.
pub(crate) fn policy(step: &Step) -> TokenStream {
    let options = &step.options;
    let retry = retry(step);
    let repair = options.repair.unwrap_or(u32::from(step.kind == Kind::Model));
    let timeout = option(options.timeout.map(millis));
    let on_timeout = match options.on_timeout {
        OnTimeout::Fail => quote!(Fail),
        OnTimeout::Accept => quote!(Accept),
        OnTimeout::Reject => quote!(Reject),
    };
    let models = &options.models;
    let prompt = prompt_text(step);
    let gates = gates(step);
    let fix = option(fix_pointer(step));
    let fallback = option(fallback_pointer(step));
    let concurrency = option(options.concurrency);
    quote! {
        ::flow::__private::Policy {
            retry: #retry,
            repair: #repair,
            timeout: #timeout,
            on_timeout: ::flow::__private::OnTimeout::#on_timeout,
            models: &[#(#models),*],
            prompt: #prompt,
            gates: &[#(#gates),*],
            fix: #fix,
            fallback: #fallback,
            concurrency: #concurrency,
        }
    }
}

fn retry(step: &Step) -> TokenStream {
    let base = quote!(::flow::__private::Retry::MODEL);
    let Some(backoff) = &step.options.retry else {
        return if step.kind == Kind::Model { base } else { quote!(::flow::__private::Retry::ONCE) };
    };
    let mut fields = TokenStream::new();
    if let Some(max_attempts) = backoff.max_attempts {
        fields.extend(quote!(max_attempts: #max_attempts,));
    }
    if let Some(delay) = backoff.initial_delay.map(millis) {
        fields.extend(quote!(initial_delay: #delay,));
    }
    if let Some(factor) = backoff.factor {
        fields.extend(quote!(factor: #factor,));
    }
    if let Some(delay) = backoff.max_delay.map(millis) {
        fields.extend(quote!(max_delay: #delay,));
    }
    if let Some(jitter) = backoff.jitter {
        fields.extend(quote!(jitter: #jitter,));
    }
    quote!(::flow::__private::Retry { #fields ..#base })
}

fn gates(step: &Step) -> impl Iterator<Item = TokenStream> {
    step.options.gates.iter().map(move |gate| {
        let name = gate.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        let pointer = gate_pointer(step, gate);
        quote!(::flow::__private::Gate { name: #name, step: #pointer })
    })
}

fn prompt_text(step: &Step) -> TokenStream {
    let prompt = &step.options.prompt;
    if prompt.prompt.is_none() && prompt.system.is_none() {
        return option(None::<TokenStream>);
    }
    let text = |source: &Option<PromptSource>| match source {
        Some(PromptSource::Template { text, .. }) => option(Some(resite(text))),
        _ => option(None::<TokenStream>),
    };
    let (system, prompt) = (text(&prompt.system), text(&prompt.prompt));
    option(Some(quote!(::flow::__private::PromptText { system: #system, prompt: #prompt })))
}
