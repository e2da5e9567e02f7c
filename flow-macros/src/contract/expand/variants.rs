//! Code for enums and their variants.

use proc_macro2::TokenStream;
use quote::quote;

use super::Code;
use super::object::option;
use crate::contract::model::{Content, Enum, Repr, Variant};

impl Code<'_> {
    pub(super) fn one_of(&self, one_of: &Enum) -> TokenStream {
        let repr = repr(&one_of.repr);
        let variants = one_of.variants.iter().map(|variant| self.variant(variant));
        let deny_unknown = one_of.deny_unknown;
        quote! {
            __flow::Shape::Enum(__flow::EnumShape {
                repr: #repr,
                variants: &[#(#variants),*],
                deny_unknown: #deny_unknown,
            })
        }
    }

    fn variant(&self, variant: &Variant) -> TokenStream {
        let Variant { rust, aliases, other, .. } = variant;
        let (ser, de) = (option(variant.ser.as_deref()), option(variant.de.as_deref()));
        let newtype = matches!(variant.content, Content::Newtype(_));
        let shape = self.content(&variant.content);
        quote! {
            __flow::Variant {
                rust: #rust,
                ser: #ser,
                de: #de,
                aliases: &[#(#aliases),*],
                other: #other,
                newtype: #newtype,
                shape: #shape,
            }
        }
    }

    fn content(&self, content: &Content) -> TokenStream {
        let shape = match content {
            Content::Unit => return quote!(::core::option::Option::None),
            Content::Newtype(part) => self.part(part),
            Content::Tuple(parts) => {
                let tuple = self.tuple(parts);
                quote!(&#tuple)
            }
            Content::Object(object) => {
                let object = self.object(object);
                quote!(&#object)
            }
        };
        quote!(::core::option::Option::Some(#shape))
    }
}

fn repr(repr: &Repr) -> TokenStream {
    match repr {
        Repr::External => quote!(__flow::Repr::External),
        Repr::Internal { tag } => quote!(__flow::Repr::Internal { tag: #tag }),
        Repr::Adjacent { tag, content } => {
            quote!(__flow::Repr::Adjacent { tag: #tag, content: #content })
        }
        Repr::Untagged => quote!(__flow::Repr::Untagged),
    }
}
