//! The names of the constants in the expansion of a workflow, and the numbers in it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::model::{Count, Map};

/// The constant with the description of a called function.
pub(super) fn step_name(index: usize) -> Ident {
    format_ident!("__STEP_{index}")
}

/// The constant with the model of a call, if the option is `model`.
pub(super) fn model_name(index: usize, option: &Ident) -> Option<Ident> {
    (option == "model").then(|| format_ident!("__MODEL_{index}"))
}

/// The concurrency limit of a map, by default the runtime's.
pub(super) fn concurrency(map: &Map) -> TokenStream {
    map.concurrency.map_or_else(|| quote!(__flow::CONCURRENCY), count)
}

/// A number or the constant that holds it.
pub(super) fn count(count: Count) -> TokenStream {
    match count {
        Count::Literal(number) => quote!(#number),
        Count::Named(index) => {
            let name = count_name(index);
            quote!(#name)
        }
    }
}

pub(super) fn count_name(index: usize) -> Ident {
    format_ident!("__COUNT_{index}")
}

pub(super) fn node_id(id: &str, ordinal: u32) -> TokenStream {
    quote!(__flow::NodeId { id: #id, ordinal: #ordinal })
}
