//! Whether a value survives being written and read back, as a step's recorded output must.

use super::compare::compare;
use super::report::Report;
use super::shape::{is_leaf, is_same};
use super::text::{contains, equal};
use super::{Def, EnumShape, Field, Member, Shape, StructShape, Variant};

/// Maximum number of shapes in a check.
const CAPACITY: usize = 1024;

/// Maximum number of shapes in the quick check.
const FEW: usize = 32;

/// A quick check that accepts most contracts in a fraction of the time; `false` means unknown.
pub(crate) const fn surely_survives(shape: &'static Shape) -> bool {
    let mut queue = [shape; FEW];
    let (mut at, mut len) = (0, 1);
    while at < len {
        let Some(object) = plain_object(queue[at]) else { return false };
        let mut next = 0;
        while next < object.len() {
            let Member::Plain(_, _, shape) = &object[next] else { return false };
            next += 1;
            if is_leaf(shape) {
                continue;
            }
            let inner = contained(shape);
            if !is_leaf(inner) && !is_queued(&queue, len, inner) {
                if len == FEW {
                    return false;
                }
                queue[len] = inner;
                len += 1;
            }
        }
        at += 1;
    }
    true
}

/// The members of a struct; empty for a leaf, `None` if the full check is needed.
const fn plain_object(shape: &'static Shape) -> Option<&'static [Member]> {
    match contained(shape) {
        Shape::Struct(object) => Some(object.members),
        Shape::Named(def) => match &def.get().body {
            Shape::Struct(object) => Some(object.members),
            _ => None,
        },
        other if is_leaf(other) => Some(&[]),
        _ => None,
    }
}

/// The content of a list, an option or a map with simple keys.
const fn contained(mut shape: &'static Shape) -> &'static Shape {
    loop {
        shape = match shape {
            Shape::Array(inner) | Shape::Option(inner) => inner,
            Shape::Map { key, value } if is_leaf(key) => value,
            _ => return shape,
        };
    }
}

const fn is_queued(queue: &[&'static Shape], len: usize, shape: &'static Shape) -> bool {
    let mut at = 0;
    while at < len {
        if is_same(queue[at], shape) {
            return true;
        }
        at += 1;
    }
    false
}

/// Reports what would be lost or become unreadable if a value of this shape were written and read.
///
/// A field that is skipped, or read under a different name than it is written, is lost; the same applies to variants.
pub const fn survives_round_trip(shape: &'static Shape) -> Report {
    let mut walk = Walk { queue: [None; CAPACITY], len: 0, report: Report::new() };
    walk.push(shape);
    let mut at = 0;
    while at < walk.len {
        if let Some(shape) = walk.queue[at] {
            walk.visit(at, shape);
        }
        at += 1;
    }
    if walk.len == CAPACITY {
        walk.report.mismatch(&["the contract is too large to check: split it"]);
    }
    walk.report.finish();
    walk.report
}

struct Walk {
    queue: [Option<&'static Shape>; CAPACITY],
    len: usize,
    report: Report,
}

impl Walk {
    const fn push(&mut self, shape: &'static Shape) {
        if self.len < CAPACITY && !is_leaf(shape) {
            self.queue[self.len] = Some(shape);
            self.len += 1;
        }
    }

    const fn visit(&mut self, at: usize, shape: &'static Shape) {
        match shape.def() {
            Some(def) if self.is_known(at, def) => {}
            Some(def) => self.body(def.name, &def.body),
            None => self.body("value", shape),
        }
    }

    const fn is_known(&self, before: usize, def: &Def) -> bool {
        let mut at = 0;
        while at < before {
            if let Some(Shape::Named(other)) = self.queue[at]
                && other.get().is(def)
            {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn body(&mut self, name: &str, shape: &'static Shape) {
        match shape {
            Shape::Array(inner) | Shape::Option(inner) => self.push(inner),
            Shape::Map { key, value } => {
                self.push(key);
                self.push(value);
            }
            Shape::Tuple(items) => self.items(items),
            Shape::Struct(object) => self.object(name, object),
            Shape::Enum(one_of) => self.variants(name, one_of),
            Shape::Split { write, read } => self.split(name, write, read),
            Shape::Named(_) | Shape::Generic(_) => self.push(shape),
            _ => {}
        }
    }

    const fn items(&mut self, items: &'static [&'static Shape]) {
        let mut at = 0;
        while at < items.len() {
            self.push(items[at]);
            at += 1;
        }
    }

    const fn object(&mut self, name: &str, object: &'static StructShape) {
        let mut at = 0;
        while at < object.members.len() {
            match &object.members[at] {
                Member::Plain(_, _, shape) | Member::Flatten { shape, .. } => self.push(shape),
                Member::Field(field) => {
                    if let Some(reason) = field_loss(field) {
                        self.report.mismatch(&["field `", field.rust, "` of `", name, "` ", reason]);
                    }
                    self.push(field.shape);
                }
            }
            at += 1;
        }
    }

    const fn variants(&mut self, name: &str, one_of: &'static EnumShape) {
        let mut at = 0;
        while at < one_of.variants.len() {
            let variant = &one_of.variants[at];
            if let Some(reason) = variant_loss(variant) {
                self.report.mismatch(&["variant `", variant.rust, "` of `", name, "` ", reason]);
            }
            if let Some(shape) = variant.shape {
                self.push(shape);
            }
            at += 1;
        }
    }

    const fn split(&mut self, name: &str, write: &'static Shape, read: &'static Shape) {
        let found = compare(Report::new(), &[], write, read);
        if !found.ok() {
            self.report.mismatch(&["`", name, "` cannot read what it writes: ", found.as_str()]);
        }
    }
}

const fn field_loss(field: &Field) -> Option<&'static str> {
    match (field.ser, field.de) {
        (None, _) => Some("would be lost: it is never written"),
        (Some(_), None) => Some("would be lost: it is never read"),
        (Some(ser), Some(de)) if !equal(ser, de) && !contains(field.aliases, ser) => {
            Some("would be lost: it is read under a different name than it is written")
        }
        _ if field.required && !field.always_written => {
            Some("is not always written, but required when reading: add `#[serde(default)]`")
        }
        _ => None,
    }
}

const fn variant_loss(variant: &Variant) -> Option<&'static str> {
    match (variant.ser, variant.de) {
        (None, _) => Some("cannot be written"),
        (Some(_), None) => Some("would be lost: it is never read"),
        (Some(ser), Some(de)) if !equal(ser, de) && !contains(variant.aliases, ser) => {
            Some("would be lost: it is read under a different name than it is written")
        }
        _ => None,
    }
}
