//! Rejects schemars attributes that would make the published schema differ from the contract.

use serde_derive_internals::ast::{Container, Data, Field};
use syn::{Attribute, Meta};

use crate::contract::{meta, own};
use crate::errors::Errors;
use crate::page;

/// Options that add descriptions or bounds without changing the shape.
const ALLOWED: [&str; 9] =
    ["title", "description", "example", "deprecated", "crate", "length", "range", "inline", "inner"];

/// Options that serde has under the same name.
const SERDES: [&str; 17] = [
    "rename",
    "rename_all",
    "rename_all_fields",
    "deny_unknown_fields",
    "tag",
    "content",
    "untagged",
    "default",
    "skip",
    "skip_serializing",
    "skip_serializing_if",
    "skip_deserializing",
    "flatten",
    "transparent",
    "into",
    "from",
    "try_from",
];

/// Options that restrict the content of a string.
const TEXTS: [&str; 8] = ["regex", "pattern", "contains", "email", "url", "ip", "ipv4", "ipv6"];

pub(super) fn check(container: &Container<'_>, errors: &mut Errors) {
    check_options(&container.original.attrs, false, errors);
    match &container.data {
        Data::Struct(_, fields) => fields.iter().for_each(|field| check_field(field, errors)),
        Data::Enum(variants) => {
            for variant in variants {
                check_options(&variant.original.attrs, false, errors);
                variant.fields.iter().for_each(|field| check_field(field, errors));
            }
        }
    }
}

fn check_field(field: &Field<'_>, errors: &mut Errors) {
    let attrs = &field.original.attrs;
    // The serde rules report missing or invalid `#[contract(…)]` options.
    let overridden =
        own::wire(attrs, &mut Errors::default()).is_some() || meta::find(attrs, "serde", &["with"]).is_some();
    check_options(attrs, overridden, errors);
}

/// schemars also reads `validate` and `garde`. Options it ignores there are ignored here too.
fn check_options(attrs: &[Attribute], overridden: bool, errors: &mut Errors) {
    for option in meta::options(attrs, "schemars") {
        let name = meta::name(&option);
        let allowed = ALLOWED.contains(&name.as_str()) || (name == "with" && overridden);
        if !allowed {
            refuse("schemars", &name, &option, errors);
        }
    }
    for attribute in ["validate", "garde"] {
        for option in meta::options(attrs, attribute) {
            let name = meta::name(&option);
            if name == "required" || TEXTS.contains(&name.as_str()) {
                refuse(attribute, &name, &option, errors);
            }
        }
    }
}

fn refuse(attribute: &str, name: &str, option: &Meta, errors: &mut Errors) {
    let way_out = way_out(name);
    errors.at(
        page::PUBLISHED,
        option,
        format!("`#[{attribute}({name})]` would make the published schema differ from the contract: {way_out}"),
    );
}

fn way_out(name: &str) -> String {
    match name {
        "with" | "schema_with" => format!("use {}", own::FORMS),
        "transform" | "extend" => "describe it with `description`, `length` and `range`, or change the type".to_owned(),
        "required" => "give the field a type other than `Option`".to_owned(),
        name if TEXTS.contains(&name) => {
            "use a type that parses its text, such as a newtype with `#[serde(try_from = \"String\", into = \"String\")]`".to_owned()
        }
        name if SERDES.contains(&name) => format!("write `{name}` in `#[serde(…)]`, which both use"),
        _ => "remove it".to_owned(),
    }
}
