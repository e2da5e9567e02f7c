//! Collects errors, so that one compilation reports every mistake in an item.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::page::{self, Page};

/// The errors found so far, each with the page of its rule.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<(Page, syn::Error)>,
    /// The number of errors emitted inside the expanded code.
    in_place: usize,
}

impl Errors {
    pub(crate) fn at(&mut self, page: Page, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(page, syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, page: Page, error: syn::Error) {
        self.found.push((page, error));
    }

    /// Returns the value, or records the error.
    pub(crate) fn take<T>(&mut self, page: Page, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(page, error)).ok()
    }

    /// An expression that expands to the error. rustc does not know its type, so it reports no follow-up errors around it.
    pub(crate) fn expression(&mut self, page: Page, error: &syn::Error) -> syn::Expr {
        self.in_place += 1;
        let error = page::compile_error(page, error);
        syn::parse_quote!({ #error })
    }

    /// A position to compare with, to tell whether errors were added since.
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.found.len(), self.in_place)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.in_place == 0
    }

    /// One `compile_error!` per error.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.found.iter().map(|(page, error)| page::compile_error(page, error)).collect()
    }
}
