//! The step from a value to one of its fields.

use super::text::{Text, same};
use super::walk::{Concrete, Defs, Fields, Shapes};
use crate::contract::{EnumShape, Field, Repr, Shape, Variant};
use flow_base::near::Nearest;

/// How many fields a message lists.
const LISTED: usize = 8;

/// The result of looking up a field.
pub(super) struct Found {
    /// Empty if no alternative has the field.
    pub(super) shapes: Shapes,
    /// Whether every value has it.
    pub(super) always: bool,
    /// Whether it was found as the key of a map.
    pub(super) key: bool,
}

/// Looks up a field. It exists if some alternative has it.
pub(super) const fn find(from: &Concrete, name: &str, defs: &mut Defs) -> Found {
    let mut found = Found { shapes: Shapes::new(), always: true, key: false };
    let mut i = 0;
    while i < from.shapes.len {
        let always = find_in(from.shapes.at[i], name, defs, &mut found);
        let always = always || in_every_variant(from.shapes.at[i], name, defs);
        found.always = found.always && always;
        i += 1;
    }
    found
}

/// Adds a field of one alternative; returns whether every value of that alternative has it.
const fn find_in(shape: &'static Shape, name: &str, defs: &mut Defs, found: &mut Found) -> bool {
    if let Some(field) = own_field(defs.peel(shape), name) {
        found.shapes.push(field.shape);
        return field.always_written;
    }
    let mut fields = Fields::of(shape);
    let mut always = false;
    let mut named = false;
    let mut rest = None;
    while let Some(entry) = fields.next(defs) {
        match entry.name {
            Some(other) if same(other, name) => {
                found.shapes.push(entry.shape);
                named = true;
                always = always || entry.always;
            }
            Some(_) => {}
            None => rest = Some(entry),
        }
    }
    // A flattened map receives only names that no sibling field has.
    if let (false, Some(rest)) = (named, rest) {
        found.shapes.push(rest.shape);
        found.key = found.key || !rest.always;
        always = rest.always;
    }
    always
}

/// A direct field of a struct. Most fields are, and this is much faster than the general walk.
const fn own_field(shape: &'static Shape, name: &str) -> Option<Field> {
    let Shape::Struct(shape) = shape else { return None };
    let mut i = 0;
    while i < shape.members.len() {
        if let Some(field) = shape.members[i].field()
            && let Some(other) = field.ser
            && same(other, name)
        {
            return Some(field);
        }
        i += 1;
    }
    None
}

/// Whether every variant of an internally or adjacently tagged enum writes the field, so that every value has it.
const fn in_every_variant(shape: &'static Shape, name: &str, defs: &mut Defs) -> bool {
    let Shape::Enum(EnumShape { repr: repr @ (Repr::Internal { .. } | Repr::Adjacent { .. }), variants, .. }) = shape
    else {
        return false;
    };
    let mut i = 0;
    while i < variants.len() {
        match (&variants[i], repr) {
            (Variant { ser: None, .. }, _) => {}
            (Variant { shape: None, .. }, _) => return false,
            (Variant { shape: Some(_), .. }, Repr::Adjacent { content, .. }) if same(content, name) => {}
            (Variant { shape: Some(shape), .. }, Repr::Internal { .. }) if has(shape, name, defs) => {}
            _ => return false,
        }
        i += 1;
    }
    true
}

const fn has(shape: &'static Shape, name: &str, defs: &mut Defs) -> bool {
    let mut fields = Fields::of(shape);
    while let Some(entry) = fields.next(defs) {
        if let Some(other) = entry.name
            && same(other, name)
            && entry.always
        {
            return true;
        }
    }
    false
}

/// Writes "; did you mean `text`? (fields: `text`, `name`)".
pub(super) const fn suggest(from: &Concrete, wanted: &'static str, defs: &mut Defs, out: &mut Text) {
    let mut nearest = Nearest::new(wanted);
    let mut list = Text::new();
    let names = each_name(from, defs, &mut nearest, &mut list);
    if let Some(name) = nearest.get() {
        out.push("; did you mean ");
        out.code(name);
        out.push("?");
    }
    if names > 0 {
        out.push(" (fields: ");
        out.push(list.as_str());
        if names > LISTED {
            out.push(", … and ");
            out.number(names - LISTED);
            out.push(" more");
        }
        out.push(")");
    }
}

/// Offers each name to `nearest` and lists the first ones; returns their number.
const fn each_name(from: &Concrete, defs: &mut Defs, nearest: &mut Nearest, list: &mut Text) -> usize {
    let mut names = 0;
    let mut i = 0;
    while i < from.shapes.len {
        let mut fields = Fields::of(from.shapes.at[i]);
        while let Some(entry) = fields.next(defs) {
            let Some(name) = entry.name else { continue };
            nearest.offer(name);
            if names < LISTED {
                list.push(if names > 0 { ", " } else { "" });
                list.code(name);
            }
            names += 1;
        }
        i += 1;
    }
    names
}
