//! Generic types that contain themselves. Their definition cannot be a `static`, so the inner mention becomes a reference by id.

use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{GenericArgument, GenericParam, Generics, Ident, Lifetime, PathArguments, Type, TypePath, parse_quote};

/// Rewrites the types of a contract so that its definition can use them.
pub(super) struct Rewrite<'a> {
    pub(super) name: &'a Ident,
    pub(super) generics: &'a Generics,
}

impl Rewrite<'_> {
    pub(super) fn apply(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        if is_instance(self.generics) {
            Inner { rewrite: self }.visit_type_mut(&mut ty);
        } else {
            Static { rewrite: self }.visit_type_mut(&mut ty);
        }
        ty
    }

    pub(super) fn mentions_self(&self, ty: &Type) -> bool {
        struct Search<'a>(&'a Ident, bool);
        impl VisitMut for Search<'_> {
            fn visit_ident_mut(&mut self, ident: &mut Ident) {
                self.1 |= ident == self.0 || ident == "Self";
            }
        }
        let mut search = Search(self.name, false);
        search.visit_type_mut(&mut ty.clone());
        search.1
    }

    /// `Self`, or the name with exactly its own parameters.
    fn is_self(&self, path: &TypePath) -> bool {
        let Some(last) = path.path.segments.last() else { return false };
        if path.path.is_ident("Self") {
            return true;
        }
        path.qself.is_none() && last.ident == *self.name && self.has_own_arguments(&last.arguments)
    }

    fn has_own_arguments(&self, arguments: &PathArguments) -> bool {
        let PathArguments::AngleBracketed(arguments) = arguments else { return false };
        let params = self.generics.params.iter().filter(|param| !matches!(param, GenericParam::Lifetime(_)));
        let arguments = arguments.args.iter().filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)));
        params.map(param_name).eq(arguments.map(argument_name))
    }
}

/// Whether the type has parameters other than lifetimes.
pub(super) fn is_instance(generics: &Generics) -> bool {
    generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)))
}

fn param_name(param: &GenericParam) -> Option<Ident> {
    match param {
        GenericParam::Type(param) => Some(param.ident.clone()),
        GenericParam::Const(param) => Some(param.ident.clone()),
        GenericParam::Lifetime(_) => None,
    }
}

fn argument_name(argument: &GenericArgument) -> Option<Ident> {
    match argument {
        GenericArgument::Type(Type::Path(path)) => path.path.get_ident().cloned(),
        _ => None,
    }
}

/// Rewrites types in a generic definition.
struct Inner<'a> {
    rewrite: &'a Rewrite<'a>,
}

impl VisitMut for Inner<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty
            && self.rewrite.is_self(path)
        {
            *ty = parse_quote!(__Recursion);
        } else {
            visit_type_mut(self, ty);
        }
    }
}

/// Rewrites types in a `static`, where `Self` and the type's lifetimes are not available.
struct Static<'a> {
    rewrite: &'a Rewrite<'a>,
}

impl VisitMut for Static<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty
            && path.path.is_ident("Self")
        {
            let name = self.rewrite.name;
            *ty = parse_quote!(#name);
        } else {
            visit_type_mut(self, ty);
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'static", lifetime.span());
    }
}
