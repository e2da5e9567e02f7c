//! What is compiled only for tests or for the documentation.

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token};

pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether something is compiled only for tests or for the documentation.
pub(crate) fn is_apart(attributes: &[Attribute]) -> bool {
    fn holds_apart(condition: &Meta) -> bool {
        let inner = |list: &syn::MetaList| list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        match condition {
            Meta::Path(name) => name.is_ident("test") || name.is_ident("doc"),
            Meta::List(list) if list.path.is_ident("all") => inner(list).is_ok_and(|all| all.iter().any(holds_apart)),
            Meta::List(list) if list.path.is_ident("any") => inner(list).is_ok_and(|any| any.iter().all(holds_apart)),
            _ => false,
        }
    }
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.filter_map(|attribute| attribute.parse_args().ok()).any(|condition| holds_apart(&condition))
}
