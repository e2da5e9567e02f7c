//! Checks of a contract that need the shapes of other types: one constant per place that can be wrong, so that each error points at
//! its own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::Code;
use crate::contract::model::{Body, Content, Enum, Member, Object, Part, Repr};
use crate::contract::own::Wire;
use crate::contract::suspicion::{self, Suspicion};
use crate::expand::tokens::underline;

#[derive(Default)]
struct Checks {
    alone: Vec<TokenStream>,
    /// Parts that are checked in one constant, each with its description.
    together: Vec<(String, Type)>,
}

impl Code<'_> {
    /// Checks of a type without generic parameters.
    pub(super) fn checks(&self) -> TokenStream {
        let mut checks = Checks::default();
        if self.model.writes.is_none() || self.model.reads.is_none() {
            self.check_body(&mut checks);
        }
        let name = &self.model.name;
        for ty in self.model.writes.iter().chain(&self.model.reads) {
            self.check_type(format!("the JSON of `{name}`"), ty, &mut checks);
        }
        checks.alone.extend(self.look_at_all(&checks.together));
        let checks = checks.alone;
        quote! {
            #(#[cfg(not(rust_analyzer))] const _: () = #checks;)*
        }
    }

    fn check_body(&self, checks: &mut Checks) {
        let name = &self.model.name;
        match &self.model.body {
            Body::Null => {}
            Body::Wrapper(part) => self.check_part(format!("`{name}`"), part, checks),
            Body::Tuple(parts) => self.check_parts(&name.to_string(), parts, checks),
            Body::Object(object) => self.check_object(&name.to_string(), object, &quote!(__flow::None), checks),
            Body::Enum(one_of) => self.check_enum(one_of, checks),
        }
    }

    fn check_enum(&self, one_of: &Enum, checks: &mut Checks) {
        for (at, variant) in one_of.variants.iter().enumerate() {
            let (owner, what) = (&self.model.name, format!("variant `{}` of `{}`", variant.rust, self.model.name));
            if self.is_suspect(one_of, at) {
                checks.alone.push(underline(quote!(__flow::tagged), quote!(#what, &__DEF, #at), &variant.ident));
            }
            let owner = format!("{owner}::{}", variant.rust);
            match &variant.content {
                Content::Unit => {}
                Content::Newtype(part) => self.check_part(what, part, checks),
                Content::Tuple(parts) => self.check_parts(&owner, parts, checks),
                Content::Object(object) => self.check_object(&owner, object, &quote!(__flow::Some(#at)), checks),
            }
        }
    }

    /// Whether the variant may be shadowed by an earlier one, may not be an object next to its tag, or may hold a value that serde
    /// cannot read there.
    fn is_suspect(&self, one_of: &Enum, at: usize) -> bool {
        let content = &one_of.variants[at].content;
        match one_of.repr {
            Repr::Untagged if at > 0 => true,
            Repr::Internal { .. } if matches!(content, Content::Newtype(_)) => true,
            Repr::Untagged | Repr::Internal { .. } => content.parts().into_iter().any(may_have_keys),
            Repr::External | Repr::Adjacent { .. } => false,
        }
    }

    fn check_parts(&self, owner: &str, parts: &[Part], checks: &mut Checks) {
        for (at, part) in parts.iter().enumerate() {
            self.check_part(format!("field `{at}` of `{owner}`"), part, checks);
        }
    }

    fn check_object(&self, owner: &str, object: &Object, variant: &TokenStream, checks: &mut Checks) {
        for (at, member) in object.members.iter().enumerate() {
            match member {
                Member::Field(field) => {
                    self.check_part(format!("field `{}` of `{owner}`", field.rust), &field.part, checks);
                }
                Member::Flatten { rust, part } => {
                    let what = format!("field `{rust}` of `{owner}`");
                    let asked = quote!(#what, &__DEF, #variant, #at);
                    checks.alone.push(underline(quote!(__flow::flattened), asked, &part.ty));
                }
                Member::Skipped { .. } => {}
            }
        }
    }

    fn check_part(&self, what: String, part: &Part, checks: &mut Checks) {
        match &part.wire {
            None => self.check_type(what, &part.ty, checks),
            Some(Wire::As(ty)) => self.check_type(what, ty, checks),
            Some(Wire::Opaque(_)) => {}
        }
    }

    fn check_type(&self, what: String, ty: &Type, checks: &mut Checks) {
        match suspicion::of(ty) {
            Suspicion::None => {}
            Suspicion::Form => checks.alone.push(self.part_check(&what, ty)),
            Suspicion::Name => checks.together.push((what, ty.clone())),
        }
    }

    /// One constant for all checks that rarely fail: names that could be aliases, and whether the type has a finite value.
    fn look_at_all(&self, together: &[(String, Type)]) -> Option<TokenStream> {
        let whole = self.may_have_no_value();
        if !whole && together.is_empty() {
            return None;
        }
        let (own, no_value, asked) = match whole {
            true => self.look_at_itself(),
            false => (quote!(), quote!(), quote!(__flow::None)),
        };
        let shapes = together.iter().map(|(_, ty)| self.ty(ty));
        let parts = together.iter().enumerate().map(|(at, (what, ty))| {
            let (at, part) = (at + 2, self.part_check(what, ty));
            quote!(#at => #part,)
        });
        Some(quote! {{
            #own
            match __flow::flawed(#asked, &[#(#shapes),*]) {
                #no_value
                #(#parts)*
                _ => {}
            }
        }})
    }

    /// The type's shape as a constant, the arm that reports a type without finite values, and the argument to check.
    fn look_at_itself(&self) -> (TokenStream, TokenStream, TokenStream) {
        let what = format!("`{}`", self.model.name);
        let no_value = underline(quote!(__flow::no_value), quote!(#what, __OWN), &self.model.name);
        let own = quote! {
            const __OWN: &__flow::Shape = &__flow::Shape::Named(__flow::DefPtr::new(&__DEF));
        };
        (own, quote!(1 => #no_value,), quote!(__flow::Some(__OWN)))
    }

    fn part_check(&self, what: &str, ty: &Type) -> TokenStream {
        let shape = self.ty(ty);
        underline(quote!(__flow::part), quote!(#what, #shape), ty)
    }

    /// Whether every value might contain a value of another type.
    fn may_have_no_value(&self) -> bool {
        let needs = |part: &Part| match &part.wire {
            None => suspicion::needs_another(&part.ty),
            Some(Wire::As(ty)) => suspicion::needs_another(ty),
            Some(Wire::Opaque(_)) => false,
        };
        let object = |object: &Object| {
            object.members.iter().any(|member| match member {
                Member::Field(field) => needs(&field.part),
                Member::Flatten { part, .. } => needs(part),
                Member::Skipped { .. } => false,
            })
        };
        match &self.model.body {
            Body::Null => false,
            Body::Wrapper(part) => needs(part),
            Body::Tuple(parts) => parts.iter().any(needs),
            Body::Object(fields) => object(fields),
            Body::Enum(one_of) => one_of.variants.iter().all(|variant| match &variant.content {
                Content::Unit => false,
                Content::Newtype(part) => needs(part),
                Content::Tuple(parts) => parts.iter().any(needs),
                Content::Object(fields) => object(fields),
            }),
        }
    }
}

/// Whether the part could contain a map, as far as its tokens show.
fn may_have_keys(part: &Part) -> bool {
    match &part.wire {
        None => suspicion::may_have_keys(&part.ty),
        Some(Wire::As(ty)) => suspicion::may_have_keys(ty),
        Some(Wire::Opaque(_)) => false,
    }
}
