//! Our own options on a field: `#[contract(as = Type)]` and `#[contract(opaque = "name")]`.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Token, Type};

use crate::errors::Errors;
use crate::page;

/// What a field is on the wire, where its type does not say.
#[derive(Clone)]
pub(super) enum Wire {
    /// The same JSON as this type.
    As(Box<Type>),
    /// Known by name only.
    Opaque(LitStr),
}

/// The way out that every message about these options ends with.
pub(super) const FORMS: &str =
    "`#[contract(as = Type)]` (a type with the same JSON) or `#[contract(opaque = \"name\")]`";

/// Reads the options of one field; a field has at most one.
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

/// Refuses options where they mean nothing.
pub(super) fn refuse(attrs: &[Attribute], place: &str, errors: &mut Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("contract")) {
        errors.at(
            page::HIDDEN_SHAPE,
            attr,
            format!("`#[contract(…)]` says what a field is on the wire and means nothing on {place}"),
        );
    }
}

fn set(wire: &mut Option<Wire>, option: Option_, errors: &mut Errors) {
    if wire.is_some() {
        errors.at(page::HIDDEN_SHAPE, &option.name, "a field is one thing on the wire: keep one of `as` and `opaque`");
    } else {
        *wire = Some(option.wire);
    }
}

/// One option as written.
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
            other => return Err(syn::Error::new(name.span(), format!("there is no option `{other}`: write {FORMS}"))),
        };
        Ok(Self { name, wire })
    }
}
