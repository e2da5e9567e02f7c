//! Code for objects and their members.

use proc_macro2::TokenStream;
use quote::quote;

use super::Code;
use crate::contract::model::{Field, Member, Object, Required};
use flow_base::hash::fnv;

impl Code<'_> {
    pub(super) fn object(&self, object: &Object) -> TokenStream {
        let members = object.members.iter().map(|member| self.member(member));
        let deny_unknown = object.deny_unknown;
        quote! {
            __flow::Shape::Struct(__flow::StructShape {
                members: &[#(#members),*],
                deny_unknown: #deny_unknown,
            })
        }
    }

    fn member(&self, member: &Member) -> TokenStream {
        match member {
            Member::Field(field) => self.field(field),
            Member::Flatten { rust, part } => {
                let shape = self.part(part);
                quote!(__flow::Member::Flatten { rust: #rust, shape: #shape })
            }
            Member::Skipped { rust } => quote! {
                __flow::Member::Field(__flow::Field {
                    rust: #rust,
                    ser: ::core::option::Option::None,
                    de: ::core::option::Option::None,
                    hash: (0, 0),
                    aliases: &[],
                    always_written: false,
                    never_null: false,
                    required: false,
                    by_hand: true,
                    shape: &__flow::Shape::Null,
                })
            },
        }
    }

    fn field(&self, field: &Field) -> TokenStream {
        let (rust, shape) = (&field.rust, self.part(&field.part));
        if is_plain(field) {
            let hash = fnv(rust);
            return quote!(__flow::Member::Plain(#rust, #hash, #shape));
        }
        let Field { ser, de, aliases, always_written, never_null, by_hand, .. } = field;
        let (written, read) = (fnv(ser.as_deref().unwrap_or_default()), fnv(de.as_deref().unwrap_or_default()));
        let (ser, de) = (option(ser.as_deref()), option(de.as_deref()));
        let required = match field.required {
            Required::Yes => quote!(true),
            Required::No => quote!(false),
            Required::UnlessOption => {
                let optional = self.optional(&field.part);
                quote!(!#optional)
            }
        };
        quote! {
            __flow::Member::Field(__flow::Field {
                rust: #rust,
                ser: #ser,
                de: #de,
                hash: (#written, #read),
                aliases: &[#(#aliases),*],
                always_written: #always_written,
                never_null: #never_null,
                required: #required,
                by_hand: #by_hand,
                shape: #shape,
            })
        }
    }
}

/// Always written and read under its Rust name, and required unless it is an `Option`.
fn is_plain(field: &Field) -> bool {
    let name = Some(field.rust.as_str());
    field.ser.as_deref() == name
        && field.de.as_deref() == name
        && field.aliases.is_empty()
        && field.always_written
        && !field.by_hand
        && matches!(field.required, Required::UnlessOption)
}

pub(super) fn option(name: Option<&str>) -> TokenStream {
    match name {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    }
}
