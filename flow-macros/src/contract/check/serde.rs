//! Rejects serde attributes whose effect on the JSON cannot be determined from the tokens.

use serde_derive_internals::ast::{Container, Data, Field, Style, Variant};
use serde_derive_internals::attr::{Default as SerdeDefault, Identifier, TagType};

use crate::contract::own::{self, FORMS, Wire};
use crate::contract::{meta, model};
use crate::errors::Errors;
use crate::page;
use crate::text;

/// Types for which `is_none` or `is_empty` holds for exactly one value.
const EMPTIES: [&str; 11] = [
    "Option",
    "String",
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "BTreeMap",
    "HashMap",
    "BTreeSet",
    "HashSet",
    "Map",
];

pub(super) fn check(container: &Container<'_>, errors: &mut Errors) {
    let attrs = &container.original.attrs;
    own::refuse(attrs, "a type", errors);
    if container.attrs.remote().is_some() {
        let at = meta::find(attrs, "serde", &["remote"]);
        errors.at(page::HIDDEN_SHAPE, at, "`#[serde(remote = …)]` describes a type of another crate: use your own type as the contract, with `#[serde(from = …, into = …)]`");
    }
    if !matches!(container.attrs.identifier(), Identifier::No) {
        let at = meta::find(attrs, "serde", &["field_identifier", "variant_identifier"]);
        errors.at(page::CONTRACT_FORM, at, "an identifier enum is not a contract: serde reads it as a key or a tag");
    }
    match &container.data {
        Data::Struct(style, fields) => {
            check_tag_of_a_struct(container, errors);
            check_fields(*style, fields, errors);
            check_flatten_with_deny(container, fields, errors);
        }
        Data::Enum(variants) if variants.iter().all(is_skipped) => errors.at(
            page::NO_VALUE,
            &container.ident,
            format!("`{}` has no variants that are written or read, so it has no values: add one", container.ident),
        ),
        Data::Enum(variants) => variants.iter().for_each(|variant| check_variant(container, variant, errors)),
    }
}

fn is_skipped(variant: &Variant<'_>) -> bool {
    variant.attrs.skip_serializing() && variant.attrs.skip_deserializing()
}

/// serde writes the tag of a struct but ignores it on reading, and schemars does not publish it.
fn check_tag_of_a_struct(container: &Container<'_>, errors: &mut Errors) {
    if !matches!(container.attrs.tag(), TagType::External) {
        let at = meta::find(&container.original.attrs, "serde", &["tag", "untagged"]);
        errors.at(page::CONTRACT_FORM, at, "the tag of a struct is written but neither read nor published: add a field for it, or make the type an enum with one variant");
    }
}

fn check_variant(container: &Container<'_>, variant: &Variant<'_>, errors: &mut Errors) {
    let attrs = &variant.original.attrs;
    own::refuse(attrs, "a variant", errors);
    if variant.attrs.untagged() {
        let at = meta::find(attrs, "serde", &["untagged"]);
        errors.at(
            page::CONTRACT_FORM,
            at,
            "an untagged variant in a tagged enum cannot be checked: move it to an untagged enum around this one",
        );
    }
    if let Some(option) = by_hand(attrs) {
        let name = meta::name(&option);
        errors.at(
            page::HIDDEN_SHAPE,
            option,
            format!("`#[serde({name} = …)]` hides the wire shape: put it on the variant's field, with {FORMS}"),
        );
    }
    check_empty_parentheses(container, variant, errors);
    check_fields(variant.style, &variant.fields, errors);
    check_flatten_with_deny(container, &variant.fields, errors);
}

/// serde_json reads the empty list of such a variant as `null`, which the variant rejects.
fn check_empty_parentheses(container: &Container<'_>, variant: &Variant<'_>, errors: &mut Errors) {
    let (attrs, name) = (&container.attrs, &variant.ident);
    let is_written = attrs.type_into().is_none() && matches!(attrs.tag(), TagType::External) && !is_skipped(variant);
    if is_written && matches!(variant.style, Style::Tuple) && variant.fields.is_empty() {
        let text = format!("variant `{name}()` has no fields, so its JSON cannot be read back: write `{name}`");
        errors.at(page::CONTRACT_FORM, name, text);
    }
}

fn check_fields(style: Style, fields: &[Field<'_>], errors: &mut Errors) {
    for field in fields {
        check_field(field, errors);
        if matches!(style, Style::Tuple | Style::Newtype) {
            check_positional(field, errors);
        }
    }
}

fn check_field(field: &Field<'_>, errors: &mut Errors) {
    let attrs = &field.original.attrs;
    let wire = own::wire(attrs, errors);
    let skipped = field.attrs.skip_serializing() && field.attrs.skip_deserializing();
    if let (None, Some(option), false) = (&wire, by_hand(attrs), skipped) {
        let name = meta::name(&option);
        errors.at(page::HIDDEN_SHAPE, option, format!("`#[serde({name} = …)]` hides the wire shape: add {FORMS}"));
    }
    if field.attrs.flatten() {
        check_flatten(field, wire.as_ref(), errors);
    } else if !skipped {
        check_left_out(field, errors);
    }
}

/// A value omitted by one of the known standard-library predicates is read back unchanged only with a plain `default`.
fn check_left_out(field: &Field<'_>, errors: &mut Errors) {
    let (Some(predicate), SerdeDefault::Path(default)) = (field.attrs.skip_serializing_if(), field.attrs.default())
    else {
        return;
    };
    let (predicate, default) = (text::of(predicate), text::of(default));
    let Some((of, function)) = predicate.rsplit_once("::") else { return };
    let of = of.rsplit("::").next().unwrap_or(of).trim();
    let is_known =
        EMPTIES.contains(&of) && ["is_none", "is_empty"].contains(&function) || (of, function) == ("Not", "not");
    if is_known {
        let at = meta::find(&field.original.attrs, "serde", &["skip_serializing_if"]);
        let text = format!(
            "a value omitted by `{predicate}` is read back as the result of `{default}`: remove `skip_serializing_if`, or write `default` without a function"
        );
        errors.at(page::CONTRACT_FORM, at, text);
    }
}

fn check_flatten(field: &Field<'_>, wire: Option<&Wire>, errors: &mut Errors) {
    let attrs = &field.original.attrs;
    if let Some(Wire::Opaque(name)) = wire {
        errors.at(
            page::HIDDEN_SHAPE,
            name,
            "an opaque field cannot be flattened, because its members are unknown: use `#[contract(as = Type)]`",
        );
    }
    let skips = ["skip_serializing", "skip_deserializing"];
    if let Some(option) = meta::find(attrs, "serde", &skips) {
        let name = meta::name(&option);
        errors.at(
            page::CONTRACT_FORM,
            option,
            format!("`{name}` on a flattened field cannot be checked: put it on the fields of the flattened type"),
        );
    }
    if let Some(option) = meta::find(attrs, "serde", &["skip_serializing_if"])
        && !model::may_be_absent(field.ty)
    {
        errors.at(
            page::CONTRACT_FORM,
            option,
            "`skip_serializing_if` on a flattened struct omits required fields: flatten an `Option` instead",
        );
    }
}

/// Tuple fields are identified by position, so none may be omitted.
fn check_positional(field: &Field<'_>, errors: &mut Errors) {
    let names = ["skip", "skip_serializing", "skip_deserializing", "skip_serializing_if", "default"];
    if let Some(option) = meta::find(&field.original.attrs, "serde", &names) {
        let name = meta::name(&option);
        errors.at(
            page::CONTRACT_FORM,
            option,
            format!("`{name}` on a positional field changes the length of the tuple: name the fields"),
        );
    }
}

fn check_flatten_with_deny(container: &Container<'_>, fields: &[Field<'_>], errors: &mut Errors) {
    if container.attrs.deny_unknown_fields()
        && let Some(field) = fields.iter().find(|field| field.attrs.flatten())
    {
        let at = meta::find(&field.original.attrs, "serde", &["flatten"]);
        errors.at(
            page::CONTRACT_FORM,
            at,
            "serde does not support `flatten` with `deny_unknown_fields`: remove one of them",
        );
    }
}

fn by_hand(attrs: &[syn::Attribute]) -> Option<syn::Meta> {
    meta::find(attrs, "serde", &["with", "serialize_with", "deserialize_with"])
}
