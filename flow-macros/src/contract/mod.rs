//! `#[contract]` and `#[derive(Contract)]`: turns an item and its serde attributes into constant data.

mod attribute;
mod check;
mod expand;
mod fallback;
mod meta;
mod model;
mod own;
mod read;
mod recursion;
mod suspicion;

use proc_macro2::TokenStream;
use quote::format_ident;
use serde_derive_internals::{Ctxt, Derive, ast::Container};
use syn::DeriveInput;

use crate::errors::Errors;

pub(crate) use attribute::attribute;
pub(crate) use suspicion::is_fine;

/// Runs the phases of the derive: serde's view of the item, the rules, the model, the code.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    match checked(&input, &mut errors) {
        Some(model) if errors.is_empty() => expand::expand(&model),
        _ => {
            let mut code = errors.into_compile_errors();
            code.extend(fallback::derived(&input));
            code
        }
    }
}

fn checked<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<model::Model> {
    let context = Ctxt::new();
    let container = Container::from_ast(&context, input, Derive::Deserialize, &format_ident!("__private"));
    // serde's derives report invalid serde attributes; reporting them here would duplicate the error.
    let accepted = context.check().is_ok();
    let container: Container<'a> = container?;
    check::check(&container, errors);
    (accepted && errors.is_empty()).then(|| read::read(&container, errors))
}
