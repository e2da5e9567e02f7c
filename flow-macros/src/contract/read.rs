//! Converts serde's view of an item to the model.

use serde_derive_internals::ast::{Container, Data, Field, Style, Variant};
use serde_derive_internals::attr::{Default as SerdeDefault, TagType};
use serde_derive_internals::name::{MultiName, Name};
use std::collections::BTreeSet;
use syn::Member as Position;

use super::model::{self, Access, Body, Content, Enum, Member, Model, Object, Part, Repr, Required, last_name};
use super::own;
use crate::errors::Errors;

/// Reads an item that has passed all checks.
pub(super) fn read(container: &Container<'_>, errors: &mut Errors) -> Model {
    let mut reader = Reader { container, errors };
    let attrs = &container.attrs;
    let writes = attrs.type_into().cloned();
    Model {
        name: container.ident.clone(),
        generics: container.generics.clone(),
        body: reader.body(),
        access: if writes.is_some() { Access::Hidden } else { reader.access() },
        reads: attrs.type_from().or(attrs.type_try_from()).cloned(),
        writes,
        transparent: attrs.transparent(),
    }
}

struct Reader<'a> {
    container: &'a Container<'a>,
    errors: &'a mut Errors,
}

impl Reader<'_> {
    fn body(&mut self) -> Body {
        let container = self.container;
        match &container.data {
            Data::Enum(variants) => Body::Enum(self.one_of(variants)),
            Data::Struct(_, fields) if container.attrs.transparent() => match transparent_field(fields) {
                Some(field) => Body::Wrapper(self.part(field)),
                None => Body::Null,
            },
            Data::Struct(Style::Unit, _) => Body::Null,
            Data::Struct(Style::Newtype, fields) => Body::Wrapper(self.part(&fields[0])),
            Data::Struct(Style::Tuple, fields) => Body::Tuple(fields.iter().map(|field| self.part(field)).collect()),
            Data::Struct(Style::Struct, fields) => {
                let all_default = !matches!(container.attrs.default(), SerdeDefault::None);
                Body::Object(self.object(fields, all_default))
            }
        }
    }

    fn access(&self) -> Access {
        match &self.container.data {
            Data::Struct(_, fields) if self.container.attrs.transparent() => match transparent_field(fields) {
                Some(field) => Access::Inner(rust_name(field)),
                None => Access::Hidden,
            },
            Data::Struct(Style::Newtype, _) => Access::Inner("0".to_owned()),
            _ => Access::Members,
        }
    }

    fn part(&mut self, field: &Field<'_>) -> Part {
        Part { ty: Box::new(field.ty.clone()), wire: own::wire(&field.original.attrs, self.errors) }
    }

    fn object(&mut self, fields: &[Field<'_>], all_default: bool) -> Object {
        let members = fields.iter().filter_map(|field| self.member(field, all_default)).collect();
        Object { members, deny_unknown: self.container.attrs.deny_unknown_fields() }
    }

    fn member(&mut self, field: &Field<'_>, all_default: bool) -> Option<Member> {
        let (attrs, rust) = (&field.attrs, rust_name(field));
        if attrs.skip_serializing() && attrs.skip_deserializing() {
            // `PhantomData` holds no value that could be lost.
            return (last_name(field.ty) != "PhantomData").then_some(Member::Skipped { rust });
        }
        let part = self.part(field);
        if attrs.flatten() {
            return Some(Member::Flatten { rust, part });
        }
        let (ser, de) = names(attrs.name(), attrs.skip_serializing(), attrs.skip_deserializing());
        Some(Member::Field(model::Field {
            rust,
            ser,
            de,
            aliases: aliases(attrs.aliases(), attrs.name()),
            always_written: attrs.skip_serializing_if().is_none(),
            // A custom `serialize_with` may write `null` for a value that is not omitted.
            never_null: attrs.serialize_with().is_none()
                && attrs.skip_serializing_if().is_some_and(|path| is_option_is_none(&path.path)),
            required: required(field, &part, all_default),
            by_hand: part.wire.is_some(),
            part,
        }))
    }

    fn one_of(&mut self, variants: &[Variant<'_>]) -> Enum {
        let repr = match self.container.attrs.tag() {
            TagType::External => Repr::External,
            TagType::Internal { tag } => Repr::Internal { tag: tag.clone() },
            TagType::Adjacent { tag, content } => Repr::Adjacent { tag: tag.clone(), content: content.clone() },
            TagType::None => Repr::Untagged,
        };
        let variants = variants.iter().map(|variant| self.variant(variant)).collect();
        Enum { repr, variants, deny_unknown: self.container.attrs.deny_unknown_fields() }
    }

    fn variant(&mut self, variant: &Variant<'_>) -> model::Variant {
        let attrs = &variant.attrs;
        let (ser, de) = names(attrs.name(), attrs.skip_serializing(), attrs.skip_deserializing());
        model::Variant {
            ident: variant.ident.clone(),
            rust: unraw(&variant.ident.to_string()),
            // The fields of a variant that is never written or read need no contracts.
            content: if ser.is_none() && de.is_none() { Content::Unit } else { self.content(variant) },
            ser,
            de,
            aliases: aliases(attrs.aliases(), attrs.name()),
            other: attrs.other(),
        }
    }

    fn content(&mut self, variant: &Variant<'_>) -> Content {
        let fields = &variant.fields;
        match variant.style {
            Style::Unit => Content::Unit,
            Style::Newtype => Content::Newtype(self.part(&fields[0])),
            Style::Tuple => Content::Tuple(fields.iter().map(|field| self.part(field)).collect()),
            Style::Struct => Content::Object(self.object(fields, false)),
        }
    }
}

fn transparent_field<'f, 'a>(fields: &'f [Field<'a>]) -> Option<&'f Field<'a>> {
    fields.iter().find(|field| field.attrs.transparent())
}

fn names(name: &MultiName, never_written: bool, never_read: bool) -> (Option<String>, Option<String>) {
    let ser = (!never_written).then(|| name.serialize_name().value.clone());
    let de = (!never_read).then(|| name.deserialize_name().value.clone());
    (ser, de)
}

/// Matches `Option::is_none`, with or without its path in the standard library.
fn is_option_is_none(path: &syn::Path) -> bool {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let ways: [&[&str]; 3] = [&[], &["std", "option"], &["core", "option"]];
    names
        .strip_suffix(&["Option".to_owned(), "is_none".to_owned()])
        .is_some_and(|way| ways.iter().any(|known| way == *known))
}

/// serde includes the name itself in the aliases.
fn aliases(all: &BTreeSet<Name>, name: &MultiName) -> Vec<String> {
    all.iter().filter(|alias| **alias != *name.deserialize_name()).map(|alias| alias.value.clone()).collect()
}

fn required(field: &Field<'_>, part: &Part, all_default: bool) -> Required {
    let attrs = &field.attrs;
    if all_default || !matches!(attrs.default(), SerdeDefault::None) || attrs.skip_deserializing() {
        return Required::No;
    }
    match (&part.wire, attrs.deserialize_with()) {
        // serde does not call `deserialize_with` for an absent field, so the field is required even if it is an `Option`.
        (_, Some(_)) => Required::Yes,
        (Some(own::Wire::Opaque(_)), None) if last_name(field.ty) != "Option" => Required::Yes,
        (Some(own::Wire::Opaque(_)), None) => Required::No,
        (_, None) => Required::UnlessOption,
    }
}

fn rust_name(field: &Field<'_>) -> String {
    match &field.member {
        Position::Named(name) => unraw(&name.to_string()),
        Position::Unnamed(index) => index.index.to_string(),
    }
}

fn unraw(name: &str) -> String {
    name.trim_start_matches("r#").to_owned()
}
