//! Duplicate names of fields or variants: only one of them would be read back.

use std::collections::{BTreeMap, BTreeSet};

use serde_derive_internals::ast::{Container, Data, Field, Style, Variant};
use serde_derive_internals::attr::TagType;
use serde_derive_internals::name::{MultiName, Name};
use syn::Attribute;

use crate::contract::meta;
use crate::errors::Errors;
use crate::page;

pub(super) fn check(container: &Container<'_>, errors: &mut Errors) {
    let (attrs, owner) = (&container.attrs, container.ident.to_string());
    // `into` and `from` replace the type's own names in JSON.
    let own = Own {
        written: attrs.type_into().is_none(),
        read: attrs.type_from().is_none() && attrs.type_try_from().is_none(),
    };
    match &container.data {
        Data::Struct(Style::Struct, fields) => check_fields(&owner, fields, own, errors),
        Data::Struct(..) => {}
        Data::Enum(variants) => {
            if !matches!(attrs.tag(), TagType::None) {
                check_all("variants", &owner, variants.iter().map(variant).collect(), own, errors);
            }
            for variant in variants.iter().filter(|variant| matches!(variant.style, Style::Struct)) {
                check_fields(&format!("{owner}::{}", variant.ident), &variant.fields, own, errors);
            }
        }
    }
}

/// The directions in which the JSON has the type's own names.
#[derive(Clone, Copy)]
struct Own {
    written: bool,
    read: bool,
}

/// A field or variant, with its names in JSON.
struct Named<'a> {
    rust: String,
    attrs: &'a [Attribute],
    written: Option<&'a Name>,
    read: Vec<&'a Name>,
}

fn check_fields(owner: &str, fields: &[Field<'_>], own: Own, errors: &mut Errors) {
    let named = fields.iter().filter(|one| !one.attrs.flatten()).map(field).collect();
    check_all("fields", owner, named, own, errors);
}

fn field<'a>(field: &'a Field<'_>) -> Named<'a> {
    let attrs = &field.attrs;
    let skipped = (attrs.skip_serializing(), attrs.skip_deserializing());
    let rust = field.original.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    named(rust, &field.original.attrs, attrs.name(), attrs.aliases(), skipped)
}

fn variant<'a>(variant: &'a Variant<'_>) -> Named<'a> {
    let attrs = &variant.attrs;
    let skipped = (attrs.skip_serializing(), attrs.skip_deserializing());
    named(variant.ident.to_string(), &variant.original.attrs, attrs.name(), attrs.aliases(), skipped)
}

fn named<'a>(
    rust: String,
    attrs: &'a [Attribute],
    name: &'a MultiName,
    aliases: &'a BTreeSet<Name>,
    (never_written, never_read): (bool, bool),
) -> Named<'a> {
    let read = std::iter::once(name.deserialize_name()).chain(aliases);
    Named {
        rust,
        attrs,
        written: (!never_written).then(|| name.serialize_name()),
        read: if never_read { Vec::new() } else { read.collect() },
    }
}

fn check_all<'a>(what: &str, owner: &str, all: Vec<Named<'a>>, own: Own, errors: &mut Errors) {
    let (mut written, mut read) = (Taken::new(), Taken::new());
    for (at, one) in all.iter().enumerate() {
        let writes = one.written.filter(|_| own.written).map(|name| vec![name]).unwrap_or_default();
        let reads = if own.read { one.read.as_slice() } else { &[] };
        let clash = first_taken(&written, &writes, "written as").or_else(|| first_taken(&read, reads, "read from"));
        if let Some((name, (earlier, its_name), does)) = clash {
            let earlier = &all[earlier];
            // Report at the `rename` or `alias` rather than at a plain name.
            let at = if !is_chosen(one) && is_chosen(earlier) { its_name } else { name };
            let (first, second, name) = (&earlier.rust, &one.rust, &name.value);
            let text = format!(
                "{what} `{first}` and `{second}` of `{owner}` are both {does} `{name}`, so one of them is lost: rename one"
            );
            errors.at(page::EQUAL_NAMES, at, text);
        }
        for name in writes {
            written.entry(&name.value).or_insert((at, name));
        }
        for name in reads {
            read.entry(&name.value).or_insert((at, name));
        }
    }
}

/// The first owner of each name, by index.
type Taken<'a> = BTreeMap<&'a str, (usize, &'a Name)>;

/// The first name that is already taken, with its owner.
fn first_taken<'a>(
    taken: &Taken<'a>,
    names: &[&'a Name],
    does: &'static str,
) -> Option<(&'a Name, (usize, &'a Name), &'static str)> {
    names.iter().find_map(|name| Some((*name, *taken.get(name.value.as_str())?, does)))
}

fn is_chosen(named: &Named<'_>) -> bool {
    meta::find(named.attrs, "serde", &["rename", "alias"]).is_some()
}
