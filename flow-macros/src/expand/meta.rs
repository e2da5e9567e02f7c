//! The constant description of a step or a workflow.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::LitStr;

use super::failure::error_of;
use super::lifetimes::everlasting;
use super::outside::judge;
use super::serving::{compensate_pointer, fallback_pointer, fix_pointer, gate_pointer};
use super::tokens::{line, millis, option, resite};
use crate::model::{Effect, Function, Kind, OnTimeout, PromptSource, ServerTool, Step, last_name};

/// The fields that steps and workflows share.
pub(crate) fn common(function: &Function, id: Option<&LitStr>, kind: TokenStream) -> TokenStream {
    let name = function.plain();
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
        kind: __flow::Kind::#kind,
        arguments: &[#(#arguments),*],
        output: #output,
    }
}

fn arguments(function: &Function) -> impl Iterator<Item = TokenStream> {
    function.data().map(|(position, argument)| {
        let name = argument.plain();
        let (doc, inner) = (&argument.doc, everlasting(&argument.inner));
        quote! {
            __flow::Argument {
                name: #name,
                position: #position,
                doc: #doc,
                contract: __flow::In::<#inner>::CONTRACT,
            }
        }
    })
}

fn contract(ok: &syn::Type) -> TokenStream {
    quote!(__flow::Out::<#ok>::CONTRACT)
}

/// How a step is executed: only the options that differ from a plain step.
pub(crate) fn policy(step: &Step) -> TokenStream {
    let options = &step.options;
    let models = &options.models;
    let gates: Vec<_> = gates(step).collect();
    let on_timeout = match options.on_timeout {
        OnTimeout::Fail => None,
        OnTimeout::Accept => Some(quote!(Accept)),
        OnTimeout::Reject => Some(quote!(Reject)),
    };
    let effect = match options.effect {
        None | Some(Effect::None) => None,
        Some(Effect::Idempotent) => Some(quote!(Idempotent)),
        Some(Effect::Irreversible) => Some(quote!(Irreversible)),
    };
    let given = |name: &str, value: Option<TokenStream>| {
        let name = format_ident!("{name}");
        value.map(|value| quote!(#name: #value,))
    };
    let some = |value: TokenStream| option(Some(value));
    let fields: Vec<_> = [
        given("retry", retry(step)),
        given("repair", repair(step).map(ToTokens::into_token_stream)),
        given("timeout", options.timeout.map(millis).map(some)),
        given("on_timeout", on_timeout.map(|name| quote!(__flow::OnTimeout::#name))),
        given("models", (!models.is_empty()).then(|| quote!(&[#(#models),*]))),
        given("prompt", prompt_text(step)),
        given("tools", super::tools::description(step)),
        given("mcp", mcp(step)),
        given("gates", (!gates.is_empty()).then(|| quote!(&[#(#gates),*]))),
        given("fix", fix_pointer(step).map(some)),
        given("fallback", fallback_pointer(step).map(some)),
        given("concurrency", options.concurrency.map(|most| option(Some(most)))),
        given("effect", effect.map(|name| quote!(__flow::Effect::#name))),
        given("unreviewed", options.unreviewed.as_ref().map(|_| quote!(true))),
        given("approve", super::approval::pointer(step).map(some)),
        given("compensate", compensate_pointer(step).map(some)),
        given("own_error", own_error(step)),
        given("keep", options.keep.map(millis).map(some)),
        given("judge", judge(step)),
        given("cache", cache(step)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if fields.is_empty() {
        quote!(__flow::Policy::PLAIN)
    } else {
        quote!(__flow::Policy { #(#fields)* ..__flow::Policy::PLAIN })
    }
}

/// The tool that does the work.
fn mcp(step: &Step) -> Option<TokenStream> {
    let ServerTool { server, tool } = step.options.mcp.as_ref()?;
    let renamed = step.function.data().filter_map(|(_, argument)| {
        let (name, rename) = (argument.plain(), argument.rename.as_ref()?);
        Some(quote!((#name, #rename)))
    });
    let tool = quote!(__flow::ServerTool { server: #server, tool: #tool, renamed: &[#(#renamed),*] });
    Some(option(Some(tool)))
}

/// How the user's own error type is recorded. `flow::Error` always is.
fn own_error(step: &Step) -> Option<TokenStream> {
    let output = &step.function.output;
    let is_own = step.kind == Kind::Code && (output.err.is_some() || output.alias) && !step.function.is_generic();
    let own = is_own.then(|| error_of(&step.function))?;
    Some(quote!(__flow::Recordable::<#own>::OWN))
}

/// The lifetime of a cached output, and the parts of the key besides the input: the body as written, and the version.
fn cache(step: &Step) -> Option<TokenStream> {
    let cache = step.options.cache.as_ref()?;
    let (version, body) = (cache.version, step.function.body.as_ref().map_or_else(String::new, ToString::to_string));
    let good_for = option(cache.good_for.map(millis));
    Some(option(Some(quote!(__flow::Cache { good_for: #good_for, version: #version, body: #body }))))
}

/// The number of repairs, if any.
fn repair(step: &Step) -> Option<u32> {
    let repair = step.options.repair.unwrap_or(u32::from(step.kind == Kind::Model));
    (repair > 0).then_some(repair)
}

/// The retry policy, if any.
fn retry(step: &Step) -> Option<TokenStream> {
    let base = quote!(__flow::Retry::MODEL);
    let Some(backoff) = &step.options.retry else {
        return (step.kind == Kind::Model).then_some(base);
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
    Some(quote!(__flow::Retry { #fields ..#base }))
}

fn gates(step: &Step) -> impl Iterator<Item = TokenStream> {
    step.options.gates.iter().map(move |gate| {
        let name = last_name(&gate.path);
        let pointer = gate_pointer(step, gate);
        quote!(__flow::Gate { name: #name, step: #pointer })
    })
}

fn prompt_text(step: &Step) -> Option<TokenStream> {
    let prompt = &step.options.prompt;
    if prompt.prompt.is_none() && prompt.system.is_none() {
        return None;
    }
    let text = |source: &Option<PromptSource>, constant: TokenStream| match source {
        Some(PromptSource::Template { text, .. }) => option(Some(resite(text))),
        Some(PromptSource::Constant(_)) => option(Some(constant)),
        _ => option(None::<TokenStream>),
    };
    let (system, prompt) = (text(&prompt.system, quote!(__SYSTEM)), text(&prompt.prompt, quote!(__PROMPT)));
    let shows = shown(step);
    Some(option(Some(quote!(__flow::PromptText { system: #system, prompt: #prompt, shows: &[#(#shows),*] }))))
}

/// The arguments that the text of a human step prints whole. Only an approval needs them.
fn shown(step: &Step) -> Vec<String> {
    match &step.options.prompt.prompt {
        Some(PromptSource::Template { text, .. }) if step.kind == Kind::Human => {
            let shown = crate::template::printed(&text.value());
            step.function.data().map(|(_, argument)| argument.plain()).filter(|name| shown.contains(name)).collect()
        }
        _ => Vec::new(),
    }
}
