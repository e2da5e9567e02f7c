//! The types of arguments: sized or not, and their owned forms.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Type;
use syn::visit_mut::{self, VisitMut};

use super::lifetimes::everlasting;
use crate::model::Argument;

/// Whether the type can be a type argument.
pub(super) fn is_sized(ty: &Type) -> bool {
    !matches!(ty, Type::TraitObject(_) | Type::Slice(_) | Type::Paren(_))
        && !matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

/// The owned type of an argument, without lifetimes.
pub(super) fn owned(argument: &Argument) -> TokenStream {
    let mut ty = everlasting(&argument.inner);
    // Behind the reference, if there is one.
    if argument.by_ref {
        ty = owned_as(&ty);
    }
    Owned.visit_type_mut(&mut ty);
    ty.into_token_stream()
}

/// Replaces borrowed types with their owned forms.
struct Owned;

impl VisitMut for Owned {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Reference(reference) = ty {
            *ty = owned_as(&reference.elem);
        }
        visit_mut::visit_type_mut(self, ty);
    }
}

/// The owned form of a borrowed type.
pub(super) fn owned_as(lent: &Type) -> Type {
    match lent {
        Type::Path(path) if path.path.is_ident("str") => syn::parse_quote!(::std::string::String),
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Path") => {
            syn::parse_quote!(<#path as ::std::borrow::ToOwned>::Owned)
        }
        Type::Slice(slice) => {
            let item = &slice.elem;
            syn::parse_quote!(::std::vec::Vec<#item>)
        }
        other => other.clone(),
    }
}
