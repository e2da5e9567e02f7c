//! Generates the code of a contract: a definition and the constant that refers to it.

mod object;
mod sound;
mod variants;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{GenericParam, Generics, Ident, Type, parse_quote};

use super::model::{Access, Body, Model, Part};
use super::own::Wire;
use super::recursion::{Rewrite, is_instance};
use flow_base::hash::fnv;

/// The implementation of `Contract`. `__private` gets a short alias, because every member names it.
pub(super) fn expand(model: &Model) -> TokenStream {
    let code = Code { model, rewrite: Rewrite { name: &model.name, generics: &model.generics } };
    let item = if is_instance(&model.generics) { code.generic() } else { code.named() };
    quote! {
        #[automatically_derived]
        #[allow(unused_qualifications, unexpected_cfgs)]
        const _: () = {
            use ::flow::__private as __flow;
            #item
        };
    }
}

struct Code<'a> {
    model: &'a Model,
    rewrite: Rewrite<'a>,
}

impl Code<'_> {
    /// Includes the package version: two versions of a package in one build must not share an id.
    fn id(&self) -> TokenStream {
        let cargo = |name| std::env::var(name).unwrap_or_default();
        let package = format!("{}@{}::", cargo("CARGO_PKG_NAME"), cargo("CARGO_PKG_VERSION"));
        let name = format!("::{}@", self.model.name);
        quote!(::core::concat!(#package, ::core::module_path!(), #name, ::core::line!(), ":", ::core::column!()))
    }

    /// The definition is a `static`. The constant only points to it without reading it, so the type may contain itself.
    fn named(&self) -> TokenStream {
        let (name, def) = (&self.model.name, self.def(&self.id()));
        let (impl_generics, type_generics, where_clause) = self.model.generics.split_for_impl();
        let shape = self.shape(quote!(&__flow::Shape::Named(__flow::DefPtr::new(&__DEF))));
        let checks = self.checks();
        quote! {
            #checks
            static __DEF: __flow::Def = #def;
            impl #impl_generics __flow::Contract for #name #type_generics #where_clause {
                const SHAPE: &'static __flow::Shape = #shape;
            }
        }
    }

    /// Each instance needs its own definition, which requires an associated constant.
    fn generic(&self) -> TokenStream {
        let (name, id, def) = (&self.model.name, self.id(), self.def(&quote!(__ID)));
        let generics = self.bounded();
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        let shape = self.shape(quote!(&__flow::Shape::Generic(&<Self as __Definition>::DEF)));
        quote! {
            const __ID: &str = #id;
            #[allow(dead_code)]
            struct __Recursion;
            impl __flow::Contract for __Recursion {
                const SHAPE: &'static __flow::Shape = &__flow::Shape::Ref(__ID);
            }
            trait __Definition {
                const DEF: __flow::Def;
            }
            impl #impl_generics __Definition for #name #type_generics #where_clause {
                const DEF: __flow::Def = #def;
            }
            impl #impl_generics __flow::Contract for #name #type_generics #where_clause {
                const SHAPE: &'static __flow::Shape = #shape;
            }
        }
    }

    fn shape(&self, named: TokenStream) -> TokenStream {
        match &self.model.body {
            Body::Wrapper(part) if self.model.transparent && !self.rewrite.mentions_self(&part.ty) => {
                let (inner, optional) = (self.part(part), self.optional(part));
                quote! {
                    if #optional { #inner } else { #named }
                }
            }
            _ => named,
        }
    }

    fn def(&self, id: &TokenStream) -> TokenStream {
        let (name, access, body) = (crate::model::plain(&self.model.name), self.access(), self.body());
        let hash = fnv(&name);
        quote! {
            __flow::Def {
                id: #id,
                name: #name,
                hash: #hash,
                access: #access,
                body: #body,
            }
        }
    }

    fn access(&self) -> TokenStream {
        match &self.model.access {
            Access::Members => quote!(__flow::Access::Members),
            Access::Inner(field) => quote!(__flow::Access::Inner(#field)),
            Access::Hidden => quote!(__flow::Access::Hidden),
        }
    }

    /// `into` and `from` replace the type's own shape in one or both directions.
    fn body(&self) -> TokenStream {
        let (write, read) = match (&self.model.writes, &self.model.reads) {
            (None, None) => return self.own_body(),
            (Some(write), Some(read)) => (self.ty(write), self.ty(read)),
            (Some(write), None) => (self.ty(write), self.own_body_ref()),
            (None, Some(read)) => (self.own_body_ref(), self.ty(read)),
        };
        quote!(__flow::Shape::Split { write: #write, read: #read })
    }

    fn own_body_ref(&self) -> TokenStream {
        let body = self.own_body();
        quote!(&#body)
    }

    fn own_body(&self) -> TokenStream {
        match &self.model.body {
            Body::Null => quote!(__flow::Shape::Null),
            Body::Wrapper(part) => {
                let inner = self.part(part);
                quote!(*#inner)
            }
            Body::Tuple(parts) => self.tuple(parts),
            Body::Object(object) => self.object(object),
            Body::Enum(one_of) => self.one_of(one_of),
        }
    }

    fn tuple(&self, parts: &[Part]) -> TokenStream {
        let parts = parts.iter().map(|part| self.part(part));
        quote!(__flow::Shape::Tuple(&[#(#parts),*]))
    }

    fn part(&self, part: &Part) -> TokenStream {
        match &part.wire {
            None => self.ty(&part.ty),
            Some(Wire::As(ty)) => self.ty(ty),
            Some(Wire::Opaque(name)) => quote!(&__flow::Shape::Opaque(#name)),
        }
    }

    /// Whether a part may be absent from the input.
    fn optional(&self, part: &Part) -> TokenStream {
        let ty = match &part.wire {
            None => &*part.ty,
            Some(Wire::As(ty)) => ty,
            Some(Wire::Opaque(_)) => return quote!(false),
        };
        let span = ty.span();
        let ty = self.rewrite.apply(ty).into_token_stream();
        quote_spanned!(span=> __flow::is_optional(<#ty as __flow::Contract>::SHAPE))
    }

    /// Keeps the span of the type, so that errors about a missing contract point at it.
    fn ty(&self, ty: &Type) -> TokenStream {
        let span = ty.span();
        let ty = self.rewrite.apply(ty).into_token_stream();
        quote_spanned!(span=> <#ty as __flow::Contract>::SHAPE)
    }

    /// Adds a `Contract` bound to the type parameters that the shape depends on.
    fn bounded(&self) -> Generics {
        let mut used = Used::default();
        self.model.types().for_each(|ty| used.visit_type(ty));
        let mut generics = self.model.generics.clone();
        for param in &mut generics.params {
            if let GenericParam::Type(param) = param
                && used.idents.contains(&param.ident)
            {
                param.bounds.push(parse_quote!(__flow::Contract));
            }
        }
        generics
    }
}

/// The identifiers in types, except inside `PhantomData`.
#[derive(Default)]
struct Used {
    idents: Vec<Ident>,
}

impl<'ast> Visit<'ast> for Used {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        if segment.ident != "PhantomData" {
            self.idents.push(segment.ident.clone());
            syn::visit::visit_path_segment(self, segment);
        }
    }
}
