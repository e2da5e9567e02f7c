//! `#[workflow]`: parse, check, expand.

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::page;
use crate::{check, expand, parse};

/// Expands `#[workflow(options)] item`.
pub(crate) fn workflow(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(raw) = parse::function::read(item.clone(), "workflow", &mut errors) else {
        let errors = errors.into_compile_errors();
        return quote::quote!(#item #errors);
    };
    let entries = errors.take(page::OPTION, syn::parse2(options)).unwrap_or(parse::options::Entries(Vec::new()));
    let options = parse::workflow::options(entries, raw.name(), &mut errors);
    let parsed = parse::workflow::signature(raw);
    let is_sound = check::signature(&parsed, &mut errors);
    let function = parsed.model;
    let body = function.body.clone().map(syn::parse2::<syn::Block>);
    let expanded = match body {
        Some(Ok(body)) if is_sound => {
            let parsed = parse::workflow::workflow(options, function, body);
            expand::workflow::workflow(&check::workflow(parsed, &mut errors))
        }
        read => expand::fallback::workflow(&function, matches!(read, Some(Ok(_)))),
    };
    let errors = errors.into_compile_errors();
    quote::quote!(#expanded #errors)
}
