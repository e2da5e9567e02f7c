//! What makes the call of a step, and the types of its states.

use proc_macro2::TokenStream;
use quote::quote;

use super::lifetimes::everlasting;
use super::types::is_sized;
use crate::model::{Argument, Function};

/// What makes a call of marker, arguments and body. If a state cannot be shared, which is reported elsewhere, it makes none.
pub(super) fn caller(function: &Function) -> TokenStream {
    match held(function) {
        Some(states) => quote!(__flow::Lent::<#states>::states().call),
        None => quote!(__flow::StepCall::new),
    }
}

/// The types of the states, if the build can check that they are shareable between threads.
pub(super) fn held(function: &Function) -> Option<TokenStream> {
    let is_known = |argument: &Argument| !argument.state || is_sized(&argument.inner);
    let asks = !function.is_generic() && function.arguments.iter().all(is_known);
    states(function).filter(|_| asks)
}

/// The types of the states without their references; `None` if the step takes no state.
pub(super) fn states(function: &Function) -> Option<TokenStream> {
    let states: Vec<_> = function.arguments.iter().filter(|argument| argument.state).collect();
    let types: Vec<_> = states.iter().map(|state| everlasting(&state.inner)).collect();
    match &types[..] {
        [] => None,
        [one] if is_sized(one) => Some(quote!(#one)),
        all if all.iter().all(is_sized) => Some(quote!((#(#all,)*))),
        _ => Some(quote!((#(&'static #types,)*))),
    }
}
