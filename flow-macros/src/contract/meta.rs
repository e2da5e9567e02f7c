//! Options inside an attribute: `#[serde(rename = "x", default)]` has two.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// All options of the attributes with this name. Attributes that do not parse are skipped: their own derive reports them.
pub(super) fn options(attrs: &[Attribute], name: &str) -> Vec<Meta> {
    let attrs = attrs.iter().filter(|attr| attr.path().is_ident(name));
    attrs
        .filter_map(|attr| attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok())
        .flatten()
        .collect()
}

/// The name of an option; empty if it is a path with several segments.
pub(super) fn name(option: &Meta) -> String {
    option.path().get_ident().map(ToString::to_string).unwrap_or_default()
}

pub(super) fn find(attrs: &[Attribute], attribute: &str, names: &[&str]) -> Option<Meta> {
    options(attrs, attribute).into_iter().find(|option| names.contains(&name(option).as_str()))
}
