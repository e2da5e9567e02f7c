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
        Some(PromptSource::Template { text, .. }) => {
            let text = super::tokens::resite(text);
            Some(quote!(::flow::__private::render(#system, #text, Self::input(__arguments)?)))
        }
        None => {
            prompt.system.as_ref()?;
            Some(quote!(::flow::__private::render(#system, "", Self::input(__arguments)?)))
        }
    }
}

/// The checks of the templates against the contracts of the arguments.
pub(crate) fn checks(step: &Step) -> TokenStream {
    let _ = step;
    quote!()
}
