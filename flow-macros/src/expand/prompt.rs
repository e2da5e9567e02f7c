//! How a step's prompt is made at run time.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

use super::tokens::{at, option, resite, spanned, unseen};
use crate::model::{PromptFile, PromptSource, Reads, Step};
use crate::template::{How, Seg, Use};

/// The body of `StepDef::prompt`, for arguments bound as references to their names; `None` for a step without a prompt.
pub(crate) fn render(step: &Step) -> Option<TokenStream> {
    let prompt = &step.options.prompt;
    let system = match &prompt.system {
        Some(PromptSource::Template { text, .. }) => option(Some(resite(text))),
        _ => quote!(__flow::None),
    };
    match prompt.prompt.as_ref() {
        Some(PromptSource::Function(path)) => {
            let place = at(path.span());
            let names = step.function.arguments.iter().map(|argument| {
                let name = syn::Ident::new(&argument.name.to_string(), place);
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
        Some(PromptSource::Unread) | None => prompt.system.as_ref().map(|_| template(&system, &quote!(""))),
    }
}

/// Compiled once for all calls.
fn template(system: &TokenStream, text: &TokenStream) -> TokenStream {
    quote! {
        static __TEMPLATE: __flow::prompt::Template = __flow::prompt::Template::new(#system, #text);
        __flow::render(&__TEMPLATE, &Self::input(__arguments)?)
    }
}

/// The checks of the templates against the contracts of the arguments, and the files they came from.
pub(crate) fn checks(step: &Step, reads: &Reads) -> TokenStream {
    let prompt = &step.options.prompt;
    let who = step.text_name();
    let name = step.function.name();
    let system = check(
        step,
        &format!("system prompt of step `{name}`{}", place(&prompt.system)),
        text(prompt.system.as_ref()),
        &reads.system,
    );
    let own = check(
        step,
        &format!("{who} of step `{name}`{}", place(&prompt.prompt)),
        text(prompt.prompt.as_ref()),
        &reads.prompt,
    );
    let files = [&prompt.system, &prompt.prompt].into_iter().flatten().filter_map(|source| match source {
        // Cargo builds again when an included file changes.
        PromptSource::Template { file: Some(PromptFile { path, .. }), .. } => Some(quote!(
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        )),
        _ => None,
    });
    quote!(#system #own #(#files)*)
}

fn place(source: &Option<PromptSource>) -> String {
    source.as_ref().map_or(String::new(), PromptSource::place)
}

fn check(step: &Step, subject: &str, text: Option<&LitStr>, reads: &[Use]) -> Option<TokenStream> {
    let text = text.filter(|_| !reads.is_empty() && !step.function.is_generic())?;
    let arguments = step.function.data().map(|(_, argument)| {
        let (name, inner) = (argument.name.to_string(), &argument.inner);
        quote!((#name, __flow::In::<#inner>::CONTRACT.shape))
    });
    let uses = reads.iter().map(one_use);
    let enforce = spanned(quote!(__flow::prompt::enforce), text.span());
    let call = quote_spanned! { text.span() =>
        (&__flow::prompt::check(#subject, &[#(#arguments),*], &[#(#uses),*]))
    };
    Some(unseen([quote!(#enforce #call)]))
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
