//! Keys of maps. JSON keys are strings, so a key is the text of a value.

use super::scalars::{all_units, format_fits, is_number, is_one_char, scalar_fits};
use super::variants::reads_variant;
use crate::contract::members::{Direction, opened};
use crate::contract::text::equal;
use crate::contract::{EnumShape, Repr, Shape, Variant};

/// Whether the shape can be written as the key of a JSON object.
pub(crate) const fn is_key(shape: &'static Shape) -> bool {
    match opened(shape, Direction::Write) {
        Shape::Bool | Shape::Char | Shape::Str { .. } | Shape::Opaque(_) => true,
        shape if is_number(shape) => true,
        Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => is_non_zero(variants) || all_texts(variants),
        Shape::Enum(one_of) => all_units(one_of),
        _ => false,
    }
}

/// The alternatives of a signed `NonZero`, whose keys are read like numbers.
const fn is_non_zero(variants: &'static [Variant]) -> bool {
    matches!(
        variants,
        [
            Variant { shape: Some(Shape::Int { max: -1, .. }), .. },
            Variant { shape: Some(Shape::Int { min: 1, .. }), .. }
        ]
    )
}

/// serde passes keys to untagged enums as strings, which number variants do not read.
const fn all_texts(variants: &'static [Variant]) -> bool {
    let mut at = 0;
    while at < variants.len() {
        match variants[at].shape {
            Some(shape) if !is_number(opened(shape, Direction::Write)) && !is_bool(shape) && is_key(shape) => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

const fn is_bool(shape: &'static Shape) -> bool {
    matches!(opened(shape, Direction::Write), Shape::Bool)
}

/// Whether every written key can be read.
pub(super) const fn key_fits(from: &'static Shape, to: &'static Shape) -> bool {
    let (from, to) = (opened(from, Direction::Write), opened(to, Direction::Read));
    match (from, to) {
        (Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }), _) => each_key_fits(variants, to),
        (_, Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. })) => fits_some_key(from, variants),
        (_, Shape::Str { format: None }) => is_key(from),
        (Shape::Str { format: Some(a) }, Shape::Str { format: Some(b) }) => format_fits(a, b),
        (Shape::Bool, Shape::Bool) => true,
        (Shape::Char | Shape::Enum(_), Shape::Char) => scalar_fits(from, to),
        _ if is_number(from) && is_number(to) => scalar_fits(from, to),
        (Shape::Enum(from), Shape::Enum(to)) => each_name_is_read(from, to),
        (Shape::Opaque(a), Shape::Opaque(b)) => equal(a, b),
        _ => false,
    }
}

const fn each_key_fits(variants: &'static [Variant], to: &'static Shape) -> bool {
    let mut at = 0;
    while at < variants.len() {
        if let (Some(_), Some(shape)) = (variants[at].ser, variants[at].shape)
            && !key_fits(shape, to)
        {
            return false;
        }
        at += 1;
    }
    true
}

const fn fits_some_key(from: &'static Shape, variants: &'static [Variant]) -> bool {
    let mut at = 0;
    while at < variants.len() {
        if let (Some(_), Some(shape)) = (variants[at].de, variants[at].shape)
            && key_fits(from, shape)
        {
            return true;
        }
        at += 1;
    }
    false
}

const fn each_name_is_read(from: &'static EnumShape, to: &'static EnumShape) -> bool {
    let mut at = 0;
    while at < from.variants.len() {
        if let Some(name) = from.variants[at].ser
            && !reads_variant(to, name)
        {
            return false;
        }
        at += 1;
    }
    all_units(from) && matches!(to.repr, Repr::External)
}

/// Whether this key can be read. Numbers are excluded, because no field is named like one.
pub(super) const fn name_fits(name: &str, to: &'static Shape) -> bool {
    match opened(to, Direction::Read) {
        Shape::Str { format: None } => true,
        Shape::Enum(one_of) if matches!(one_of.repr, Repr::External) => reads_variant(one_of, name),
        Shape::Char => is_one_char(name),
        _ => false,
    }
}

/// Whether a map with keys of this shape may have this key; true if in doubt.
pub(super) const fn may_be_key(name: &str, from: &'static Shape) -> bool {
    let bytes = name.as_bytes();
    match opened(from, Direction::Write) {
        shape if is_number(shape) => !bytes.is_empty() && (bytes[0].is_ascii_digit() || bytes[0] == b'-'),
        Shape::Bool => equal(name, "true") || equal(name, "false"),
        Shape::Char => is_one_char(name),
        Shape::Enum(one_of) if matches!(one_of.repr, Repr::External) => writes_variant(one_of, name),
        _ => true,
    }
}

const fn writes_variant(one_of: &'static EnumShape, name: &str) -> bool {
    let mut at = 0;
    while at < one_of.variants.len() {
        if let Some(own) = one_of.variants[at].ser
            && equal(own, name)
        {
            return true;
        }
        at += 1;
    }
    false
}
