//! The rules for shapes without inner shapes.

use crate::contract::text::equal;
use crate::contract::{EnumShape, Repr, Shape};

/// Whether every written value can be read.
pub(super) const fn scalar_fits(from: &Shape, to: &Shape) -> bool {
    match (from, to) {
        (Shape::Null, Shape::Null) | (Shape::Bool, Shape::Bool) => true,
        (_, Shape::Number) => is_number(from),
        (Shape::Int { min, max }, Shape::Float { bits }) => -(1 << *bits) <= *min && *max <= 1 << *bits,
        (Shape::Float { bits: from }, Shape::Float { bits: to }) => *from <= *to,
        (Shape::Int { min: a, max: b }, Shape::Int { min: c, max: d }) => *c <= *a && *b <= *d,
        (Shape::Char, Shape::Char) => true,
        (Shape::Char | Shape::Str { .. }, Shape::Str { format: None }) => true,
        (Shape::Str { format: Some(a) }, Shape::Str { format: Some(b) }) => format_fits(a, b),
        (Shape::Enum(one_of), Shape::Str { format: None }) => all_units(one_of),
        (Shape::Enum(one_of), Shape::Char) => all_units(one_of) && all_one_char(one_of),
        (Shape::Opaque(a), Shape::Opaque(b)) => equal(a, b),
        _ => false,
    }
}

pub(super) const fn is_number(shape: &Shape) -> bool {
    matches!(shape, Shape::Number | Shape::Int { .. } | Shape::Float { .. })
}

/// A format is kept or widened: an IPv4 or IPv6 address is an `ip`.
pub(super) const fn format_fits(from: &str, to: &str) -> bool {
    equal(from, to) || (equal(to, "ip") && (equal(from, "ipv4") || equal(from, "ipv6")))
}

/// Whether every written variant is a string.
pub(super) const fn all_units(one_of: &EnumShape) -> bool {
    if !matches!(one_of.repr, Repr::External) {
        return false;
    }
    let mut at = 0;
    while at < one_of.variants.len() {
        if one_of.variants[at].ser.is_some() && one_of.variants[at].shape.is_some() {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether every written name has one character.
const fn all_one_char(one_of: &EnumShape) -> bool {
    let mut next = 0;
    while let Some((_, name)) = one_of.written(next) {
        if !is_one_char(name) {
            return false;
        }
        next += 1;
    }
    true
}

pub(super) const fn is_one_char(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    let mut chars = 0;
    while at < bytes.len() {
        // UTF-8 continuation bytes are `10xxxxxx`.
        chars += (bytes[at] & 0b1100_0000 != 0b1000_0000) as usize;
        at += 1;
    }
    chars == 1
}
