//! `#[step]`: parse, check, expand.

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::page;
use crate::{check, expand, parse};

/// Expands `#[step(options)] item`.
pub(crate) fn step(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(raw) = parse::function::read(item.clone(), "step", &mut errors) else {
        let errors = errors.into_compile_errors();
        return quote::quote!(#item #errors);
    };
    let entries = errors.take(page::OPTION, syn::parse2(options)).unwrap_or(parse::options::Entries(Vec::new()));
    let step = parse::step::step(entries, raw, &mut errors);
    let expanded = match check::step(step, &mut errors) {
        Ok(step) => expand::step::step(&step),
        Err(step) => expand::fallback::step(&step),
    };
    let errors = errors.into_compile_errors();
    quote::quote!(#expanded #errors)
}
