//! Tagged enums: every written variant must be read.

use super::pair::Step;
use super::search::Search;
use crate::contract::text::{contains, equal};
use crate::contract::{EnumShape, Repr, Shape, StructShape, Variant};
use flow_base::near::Nearest;

/// A unit variant next to its tag: an object without further members.
const EMPTY: Shape = Shape::Struct(StructShape { members: &[], deny_unknown: false });
/// The same if unknown members are rejected.
const CLOSED: Shape = Shape::Struct(StructShape { members: &[], deny_unknown: true });

impl<const N: usize> Search<'_, N> {
    pub(super) const fn variants(&mut self, at: usize, from: &'static EnumShape, to: &'static EnumShape) {
        let (mut next, end) = match self.pairs[at].choice {
            Some(choice) => (choice, choice + 1),
            None => (0, from.written_count()),
        };
        while next < end {
            if let Some((variant, name)) = from.written(next) {
                match reader(to, name) {
                    Some(reader) => self.variant(at, name, variant, reader, to),
                    None => self.unread_variant(at, name, to),
                }
            }
            next += 1;
        }
    }

    const fn variant(
        &mut self,
        at: usize,
        name: &'static str,
        from: &Variant,
        to: &'static Variant,
        enum_to: &'static EnumShape,
    ) {
        let step = Step::Variant(name);
        if matches!(to_repr(enum_to), Repr::Internal { .. }) {
            let read = beside_tag(to.shape, enum_to.deny_unknown);
            self.buffering = true;
            self.push(at, beside_tag(from.shape, false), read, step);
            self.buffering = false;
            return;
        }
        match (from.shape, to.shape) {
            (None, None) => {}
            (Some(from), Some(to)) => self.push(at, from, to, step),
            // With adjacent tagging, missing content and `null` are read alike.
            (Some(from), None) if matches!(enum_to.repr, Repr::Adjacent { .. }) && !enum_to.deny_unknown => {
                self.push(at, from, &Shape::Null, step);
            }
            (Some(_), None) => self.unlike_content(at, step, true),
            (None, Some(_)) => self.unlike_content(at, step, false),
        }
    }

    const fn unread_variant(&mut self, at: usize, name: &'static str, to: &'static EnumShape) {
        let mut near = Nearest::new(name);
        let mut next = 0;
        while next < to.variants.len() {
            if let Some(read) = to.variants[next].de {
                near.offer(read);
            }
            next += 1;
        }
        self.not_read(at, name, near.get());
    }
}

const fn to_repr(one_of: &EnumShape) -> Repr {
    one_of.repr
}

/// The content of an internally tagged variant: the members next to the tag.
const fn beside_tag(shape: Option<&'static Shape>, deny_unknown: bool) -> &'static Shape {
    match shape {
        Some(Shape::Null) | None if deny_unknown => &CLOSED,
        Some(Shape::Null) | None => &EMPTY,
        Some(shape) => shape,
    }
}

/// The variant that reads a name.
pub(super) const fn reader(one_of: &'static EnumShape, name: &str) -> Option<&'static Variant> {
    let mut at = 0;
    let mut other = None;
    while at < one_of.variants.len() {
        let variant = &one_of.variants[at];
        if let Some(own) = variant.de {
            if equal(own, name) || contains(variant.aliases, name) {
                return Some(variant);
            }
            if variant.other {
                other = Some(variant);
            }
        }
        at += 1;
    }
    other
}

pub(super) const fn form(repr: Repr) -> &'static str {
    match repr {
        Repr::External => "written as `{\"variant\": …}`",
        Repr::Internal { .. } => "with the tag beside its fields",
        Repr::Adjacent { .. } => "with a tag and a content field",
        Repr::Untagged => "without a tag",
    }
}

/// Whether the enum has a unit variant called `name`, which can be read as a map key.
pub(super) const fn reads_variant(one_of: &'static EnumShape, name: &str) -> bool {
    match reader(one_of, name) {
        Some(variant) => variant.shape.is_none(),
        None => false,
    }
}
