//! The error type of a function.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::tokens::at;
use crate::model::{Function, Kind};

/// The step's own error type; `None` if it is `flow::Error`.
pub(super) fn error_type(function: &Function, kind: Kind) -> Option<TokenStream> {
    if kind != Kind::Code || function.output.ours {
        return None;
    }
    Some(error_of(function))
}

/// The error type of a function's return type. If that is not a `Result`, rustc reports it at the type.
pub(super) fn error_of(function: &Function) -> TokenStream {
    let ty = &function.output.ty;
    match &function.output.err {
        Some(err) => quote!(#err),
        None => quote_spanned!(at(ty.span()) => ::flow::__private::ErrOf<#ty>),
    }
}
