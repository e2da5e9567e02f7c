//! Lifetimes of the types in a signature, for items outside the function, where they have no names.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{GenericParam, Lifetime, Type, TypeReference};

use crate::model::Function;

/// The type with every lifetime replaced by `'static`, for constants.
pub(super) fn everlasting(ty: &Type) -> Type {
    let mut ty = ty.clone();
    Everlasting.visit_type_mut(&mut ty);
    ty
}

struct Everlasting;

impl VisitMut for Everlasting {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = Some(Lifetime::new("'static", proc_macro2::Span::call_site()));
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'static", lifetime.span());
    }
}

/// The types of the arguments with every lifetime named, and the generics that declare them.
pub(super) struct ArgumentTypes {
    pub(super) tuple: TokenStream,
    pub(super) generics: TokenStream,
}

impl ArgumentTypes {
    pub(super) fn of(function: &Function) -> Self {
        let mut namer = NameLifetimes { made: Vec::new() };
        let types: Vec<Type> = function
            .arguments
            .iter()
            .map(|argument| {
                let mut ty = argument.ty.clone();
                namer.visit_type_mut(&mut ty);
                ty
            })
            .collect();
        let made = &namer.made;
        let params = function.sig.generics.params.iter().map(|param| match param {
            GenericParam::Type(param) => {
                let mut param = param.clone();
                param.default = None;
                quote!(#param)
            }
            other => quote!(#other),
        });
        Self { tuple: quote!((#(#types,)*)), generics: quote!(<#(#made,)* #(#params),*>) }
    }
}

/// Names every elided lifetime.
struct NameLifetimes {
    made: Vec<Lifetime>,
}

impl NameLifetimes {
    fn fresh(&mut self) -> Lifetime {
        let name = format!("'__a{}", self.made.len());
        let lifetime = Lifetime::new(&name, proc_macro2::Span::call_site());
        self.made.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for NameLifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(self.fresh());
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.fresh();
        }
    }
}
