//! The arguments of a step, from a reference to all of them.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Function;

/// `let (a, b) = arguments;` by reference, with the names that options refer to.
pub(super) fn bind(function: &Function) -> TokenStream {
    let names = function.arguments.iter().map(|argument| &argument.name);
    quote! {
        #[allow(unused_variables)]
        let (#(#names,)*) = __arguments;
    }
}

/// Copies of the arguments, from references to them.
pub(super) fn copies(function: &Function) -> impl Iterator<Item = TokenStream> {
    function.arguments.iter().map(|argument| {
        let value = &argument.name;
        if argument.by_ref { quote!(*#value) } else { quote!(__flow::Copier(#value).copy()) }
    })
}
