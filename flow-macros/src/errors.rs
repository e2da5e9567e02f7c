//! A sink of errors: everything wrong with an item is told in one compile.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::page::{self, Page};

/// The errors found so far, each with the page of its rule.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<(Page, syn::Error)>,
    /// How many stand in the code itself.
    in_place: usize,
}

impl Errors {
    /// Notes an error at some tokens.
    pub(crate) fn at(&mut self, page: Page, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(page, syn::Error::new_spanned(tokens, message));
    }

    /// Notes an error that a parser found.
    pub(crate) fn push(&mut self, page: Page, error: syn::Error) {
        self.found.push((page, error));
    }

    /// The value, or nothing and a note.
    pub(crate) fn take<T>(&mut self, page: Page, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(page, error)).ok()
    }

    /// An expression that is the error: its type is unknown to rustc, so nothing around it is wrong on its account.
    pub(crate) fn expression(
        &mut self,
        page: Page,
        tokens: impl ToTokens,
        message: impl std::fmt::Display,
    ) -> syn::Expr {
        self.in_place += 1;
        let error = page::compile_error(page, &syn::Error::new_spanned(tokens, message));
        syn::parse_quote!({ #error })
    }

    /// How much was found so far, for [`forget_since`](Self::forget_since).
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.found.len(), self.in_place)
    }

    /// Forgets what was found in code that was read a second time.
    pub(crate) fn forget_since(&mut self, (found, in_place): (usize, usize)) {
        self.found.truncate(found);
        self.in_place = in_place;
    }

    /// Nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.in_place == 0
    }

    /// One `compile_error!` per error.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.found.iter().map(|(page, error)| page::compile_error(page, error)).collect()
    }
}
