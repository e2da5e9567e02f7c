//! The field options `#[contract(as = Type)]` and `#[contract(opaque = "name")]`.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Token, Type};

use crate::errors::Errors;
use crate::page;

/// The declared JSON form of a field.
#[derive(Clone)]
pub(super) enum Wire {
    /// The same JSON as this type.
    As(Box<Type>),
    /// Unknown JSON, compared by this name only.
    Opaque(LitStr),
}

/// The accepted forms, for use in messages.
pub(super) const FORMS: &str =
    "`#[contract(as = Type)]` (a type with the same JSON) or `#[contract(opaque = \"name\")]`";

/// Reads the options of a field, which may have at most one.
pub(super) fn wire(attrs: &[Attribute], errors: &mut Errors) -> Option<Wire> {
    let mut wire = None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("contract")) {
        match attr.parse_args_with(Punctuated::<Option_, Token![,]>::parse_terminated) {
            Ok(options) => options.into_iter().for_each(|option| set(&mut wire, option, errors)),
            Err(error) => errors.push(page::HIDDEN_SHAPE, error),
        }
    }
    wire
}

/// Rejects options outside of fields.
pub(super) fn refuse(attrs: &[Attribute], place: &str, errors: &mut Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("contract")) {
        errors.at(
            page::HIDDEN_SHAPE,
            attr,
            format!("`#[contract(…)]` sets the JSON form of a field and cannot be used on {place}"),
        );
    }
}

fn set(wire: &mut Option<Wire>, option: Option_, errors: &mut Errors) {
    if wire.is_some() {
        errors.at(page::HIDDEN_SHAPE, &option.name, "a field has one JSON form: keep one of `as` and `opaque`");
    } else {
        *wire = Some(option.wire);
    }
}

struct Option_ {
    name: Ident,
    wire: Wire,
}

impl Parse for Option_ {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // `as` is a keyword.
        let name = Ident::parse_any(input)?;
        let wire = match name.to_string().as_str() {
            "as" => {
                input.parse::<Token![=]>()?;
                Wire::As(Box::new(input.parse()?))
            }
            "opaque" => {
                input.parse::<Token![=]>()?;
                Wire::Opaque(input.parse()?)
            }
            other => return Err(syn::Error::new(name.span(), format!("unknown option `{other}`: write {FORMS}"))),
        };
        Ok(Self { name, wire })
    }
}
