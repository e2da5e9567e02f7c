//! Renders a step's prompt at run time, and checks its templates.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

use super::tokens::{at, demand, option, resite, spanned, underline, unseen};
use crate::model::{Kind, PromptFile, PromptSource, Reads, Step};
use crate::page;
use crate::template::{How, Seg, Use};

/// The body of `StepDef::prompt`, with arguments bound by reference; `None` for a step without a prompt.
pub(crate) fn render(step: &Step) -> Option<TokenStream> {
    let prompt = &step.options.prompt;
    let system = match &prompt.system {
        Some(PromptSource::Template { text, .. }) => option(Some(resite(text))),
        Some(PromptSource::Constant(_)) => option(Some(quote!(__SYSTEM))),
        _ => quote!(__flow::None),
    };
    match prompt.prompt.as_ref() {
        Some(PromptSource::Function(path)) => {
            let place = at(path.span());
            let names = step.function.arguments.iter().map(|argument| {
                let mut name = argument.name.clone();
                name.set_span(place);
                if argument.by_ref {
                    quote_spanned!(place => *#name)
                } else {
                    quote_spanned!(place => ::core::clone::Clone::clone(#name))
                }
            });
            let built = quote_spanned!(place => __flow::with_system(#path(#(#names),*), #system));
            Some(quote!(::core::result::Result::Ok(#built)))
        }
        Some(PromptSource::Template { text, .. }) => Some(template(&system, &resite(text))),
        Some(PromptSource::Constant(_)) => Some(template(&system, &quote!(__PROMPT))),
        Some(PromptSource::Unread) | None => prompt.system.as_ref().map(|_| template(&system, &quote!(""))),
    }
}

/// A template, compiled once for all calls.
fn template(system: &TokenStream, text: &TokenStream) -> TokenStream {
    quote! {
        static __TEMPLATE: __flow::prompt::Template = __flow::prompt::Template::new(#system, #text);
        __flow::render(&__TEMPLATE, || Self::input(__arguments))
    }
}

/// Checks the templates against the contracts of the arguments, and makes cargo track their files.
pub(crate) fn checks(step: &Step, reads: &Reads) -> TokenStream {
    let prompt = &step.options.prompt;
    let who = step.text_name();
    let name = step.function.name();
    let system = format!("system prompt of step `{name}`{}", place(&prompt.system));
    let system = check(step, true, &system, text(prompt.system.as_ref()), &reads.system);
    let own = format!("{who} of step `{name}`{}", place(&prompt.prompt));
    let own = check(step, false, &own, text(prompt.prompt.as_ref()), &reads.prompt);
    let files = [&prompt.system, &prompt.prompt].into_iter().flatten().filter_map(|source| match source {
        // Cargo rebuilds when an included file changes.
        PromptSource::Template { file: Some(PromptFile { path, .. }), .. } => Some(quote!(
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        )),
        _ => None,
    });
    quote!(#system #own #(#files)*)
}

/// Constants with the user's templates, so that a constant of the wrong type is reported once.
pub(crate) fn constants(step: &Step) -> TokenStream {
    let prompt = &step.options.prompt;
    let all = [(&prompt.system, quote!(__SYSTEM)), (&prompt.prompt, quote!(__PROMPT))];
    let all = all.iter().filter_map(|(source, name)| {
        let Some(PromptSource::Constant(path)) = source else { return None };
        Some(quote!(const #name: &::core::primitive::str = #path;))
    });
    quote!(#(#all)*)
}

/// For constant templates: the checks that the macro itself performs on literal ones.
pub(crate) fn constant_checks(step: &Step, open: &[(usize, String)]) -> Vec<TokenStream> {
    let (function, prompt) = (&step.function, &step.options.prompt);
    if function.is_generic() {
        return Vec::new();
    }
    let name = function.name();
    let (own, system) = (format!("{} of step `{name}`", step.text_name()), format!("system prompt of step `{name}`"));
    let texts = [
        (&prompt.system, system, quote!(constant_system), quote!(__SYSTEM)),
        (&prompt.prompt, own, quote!(constant), quote!(__PROMPT)),
    ];
    let texts: Vec<_> = texts
        .iter()
        .filter_map(|(source, subject, checks, text)| match source {
            Some(PromptSource::Constant(path)) => Some((path, subject, checks, text)),
            _ => None,
        })
        .collect();
    let arguments: Vec<_> = shapes(step).collect();
    let followed = texts.iter().map(|(path, subject, checks, text)| {
        let read = quote!(&__flow::prompt::#checks(#subject, #text, &[#(#arguments),*]));
        underline(quote!(__flow::prompt::enforce), read, path)
    });
    let asked = prompt.prompt.iter().filter(|_| step.kind == Kind::Model).filter_map(|source| match source {
        PromptSource::Constant(path) => {
            let empty = format!("the prompt of model step `{name}` is empty: write what the model should do");
            Some(demand(page::STEP_KIND, quote!(!__flow::prompt::is_empty(__PROMPT)), &empty, path))
        }
        _ => None,
    });
    let mentioned = open.iter().map(|(position, text)| {
        let argument = &function.arguments[*position];
        let (name, written) = (&argument.name, argument.plain());
        let reads = texts.iter().map(|(_, _, _, constant)| quote!(__flow::prompt::mentions(#constant, #written)));
        demand(page::PROMPT_UNUSED, quote!(#(#reads)||*), text, name)
    });
    followed.chain(asked).chain(mentioned).collect()
}

fn place(source: &Option<PromptSource>) -> String {
    source.as_ref().map_or(String::new(), PromptSource::place)
}

fn check(step: &Step, is_system: bool, subject: &str, text: Option<&LitStr>, reads: &[Use]) -> Option<TokenStream> {
    let text = text.filter(|_| !reads.is_empty() && !step.function.is_generic())?;
    let arguments = shapes(step);
    let uses = reads.iter().map(one_use);
    let is_asked = !is_system && !step.options.models.is_empty() && reads.iter().any(|read| read.how == How::Print);
    let (check, models) = (if is_system { quote!(check_system) } else { quote!(check) }, &step.options.models);
    let (ask, call) = match is_asked {
        // The models must also take what the prompt attaches.
        true => (
            quote!(__flow::readable),
            quote_spanned!(text.span() => (#subject, &[#(#arguments),*], &[#(#uses),*], &[#(#models),*])),
        ),
        false => (
            quote!(__flow::prompt::enforce),
            quote_spanned!(text.span() => (&__flow::prompt::#check(#subject, &[#(#arguments),*], &[#(#uses),*]))),
        ),
    };
    let ask = spanned(ask, text.span());
    Some(unseen([quote!(#ask #call)]))
}

/// The arguments by name, with their shapes.
fn shapes(step: &Step) -> impl Iterator<Item = TokenStream> {
    step.function.data().map(|(_, argument)| {
        let (name, inner) = (argument.plain(), &argument.inner);
        quote!((#name, __flow::In::<#inner>::CONTRACT.shape))
    })
}

fn one_use(read: &Use) -> TokenStream {
    let (argument, present, at, excerpt) = (read.argument, read.present, read.at(), &read.excerpt);
    let path = read.path.iter().map(|seg| match seg {
        Seg::Field(name) => quote!(Field(#name)),
        Seg::Item => quote!(Item),
        Seg::Value => quote!(Value),
        Seg::Index(index) => quote!(Index(#index)),
        Seg::Lookup => quote!(Lookup),
    });
    let how = match &read.how {
        How::Print => quote!(Print),
        How::Iterate => quote!(Iterate),
        How::Test => quote!(Test),
        How::Compare => quote!(Compare),
        How::Input(name) => quote!(Input(#name)),
    };
    quote! {
        __flow::prompt::Use {
            argument: #argument,
            path: &[#(__flow::prompt::Seg::#path),*],
            present: #present,
            how: __flow::prompt::How::#how,
            at: #at,
            excerpt: #excerpt,
        }
    }
}

fn text(source: Option<&PromptSource>) -> Option<&LitStr> {
    match source {
        Some(PromptSource::Template { text, .. }) => Some(text),
        _ => None,
    }
}
