//! The item emitted after an error: complete enough to avoid follow-up errors.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericParam, parse_quote};

/// An implementation that writes nothing and reads anything. It fits every use, so only the original error is reported.
pub(super) fn derived(input: &DeriveInput) -> TokenStream {
    let mut generics = input.generics.clone();
    for param in &mut generics.params {
        if let GenericParam::Type(param) = param {
            param.bounds.push(parse_quote!(::flow::__private::Contract));
        }
    }
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::flow::__private::Contract for #name #type_generics #where_clause {
            const SHAPE: &'static ::flow::__private::Shape = &::flow::__private::Shape::Split {
                write: &::flow::__private::Shape::Enum(::flow::__private::EnumShape {
                    repr: ::flow::__private::Repr::Untagged,
                    variants: &[],
                    deny_unknown: false,
                }),
                read: &::flow::__private::Shape::Any,
            };
        }
    }
}

/// The item without `serde`, `schemars` and `contract` attributes.
pub(super) fn bare(input: &DeriveInput) -> TokenStream {
    let mut input = input.clone();
    input.attrs.retain(|attr| !["serde", "schemars", "contract"].iter().any(|name| attr.path().is_ident(name)));
    input.to_token_stream()
}
