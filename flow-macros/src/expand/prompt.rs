//! How a step's prompt is made at run time.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{PromptSource, Step};

/// The body of `StepDef::prompt`, for arguments bound as references to their names; `None` for a step without a prompt.
pub(crate) fn render(step: &Step) -> Option<TokenStream> {
    let prompt = &step.options.prompt;
    let system = match &prompt.system {
        Some(PromptSource::Template { text, .. }) => super::tokens::option(Some(super::tokens::resite(text))),
        _ => quote!(::core::option::Option::None),
    };
    match prompt.prompt.as_ref() {
        Some(PromptSource::Function(path)) => {
            let names = step.function.arguments.iter().map(|argument| {
                let name = &argument.name;
                if argument.by_ref { quote!(*#name) } else { quote!(::core::clone::Clone::clone(#name)) }
            });
            Some(quote!(::core::result::Result::Ok(::flow::__private::with_system(#path(#(#names),*), #system))))
        }
        Some(PromptSource::Template { text, .. }) => Some(template(&system, &super::tokens::resite(text))),
        None => prompt.system.as_ref().map(|_| template(&system, &quote!(""))),
    }
}

/// Compiled once for all calls.
fn template(system: &TokenStream, text: &TokenStream) -> TokenStream {
    quote! {
        static __TEMPLATE: ::flow::__private::prompt::Template = ::flow::__private::prompt::Template::new(#system, #text);
        ::flow::__private::render(&__TEMPLATE, &Self::input(__arguments)?)
    }
}

/// The checks of the templates against the contracts of the arguments.
pub(crate) fn checks(step: &Step) -> TokenStream {
    let _ = step;
    quote!()
}
