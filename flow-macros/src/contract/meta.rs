//! The options inside an attribute: `#[serde(rename = "x", default)]` has two.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// All options of the attributes of one name. What does not parse is left to the derive that the attribute belongs to.
pub(super) fn options(attrs: &[Attribute], name: &str) -> Vec<Meta> {
    let attrs = attrs.iter().filter(|attr| attr.path().is_ident(name));
    attrs
        .filter_map(|attr| attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok())
        .flatten()
        .collect()
}

/// The name of an option, if it is a plain one.
pub(super) fn name(option: &Meta) -> String {
    option.path().get_ident().map(ToString::to_string).unwrap_or_default()
}

/// The first option of these names.
pub(super) fn find(attrs: &[Attribute], attribute: &str, names: &[&str]) -> Option<Meta> {
    options(attrs, attribute).into_iter().find(|option| names.contains(&name(option).as_str()))
}
