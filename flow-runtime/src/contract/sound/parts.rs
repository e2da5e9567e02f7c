//! Flaws of one part of a contract, as far as no named definition has checked them.

use super::beside::{refuses_others, taken};
use super::content::{Among, loses_none, no_object};
use super::finite::Values;
use super::flaw::{Flaw, Place};
use super::hidden::reader_before;
use super::names::{clash, tag_clash};
use crate::contract::buffered::unreadable_inside;
use crate::contract::compare::is_key;
use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Member, Repr, Shape};

/// How many shapes the first pass inspects; const evaluation pays for the array.
const FEW: usize = 8;
/// The limit of the second pass. Exceeding it is a flaw.
const MANY: usize = 1024;

/// The first flaw of a part, and where inside the part it is.
pub(super) const fn flaw(mut part: &'static Shape) -> Option<(Flaw, Option<Place>)> {
    // Most parts are named types, or lists of one.
    while let Shape::Array(inner) = part {
        part = inner;
    }
    if is_checked(part) {
        return None;
    }
    let walk = Walk::<FEW>::of(part);
    if matches!(walk.found, Some((Flaw::TooLarge, _))) {
        return Walk::<MANY>::of(part).found;
    }
    walk.found
}

struct Walk<const N: usize> {
    queue: [(&'static Shape, Option<Place>); N],
    len: usize,
    found: Option<(Flaw, Option<Place>)>,
    /// The field or variant being inspected.
    inside: Option<Place>,
}

impl<const N: usize> Walk<N> {
    const fn of(part: &'static Shape) -> Self {
        let mut walk = Self { queue: [(&Shape::Null, None); N], len: 0, found: None, inside: None };
        walk.push(part);
        let mut at = 0;
        while at < walk.len && walk.found.is_none() {
            let (shape, inside) = walk.queue[at];
            walk.inside = inside;
            walk.visit(shape);
            at += 1;
        }
        walk
    }

    const fn push(&mut self, shape: &'static Shape) {
        if is_checked(shape) || self.found.is_some() {
            return;
        }
        if self.len == N {
            return self.find(Flaw::TooLarge);
        }
        self.queue[self.len] = (shape, self.inside);
        self.len += 1;
    }

    const fn find(&mut self, flaw: Flaw) {
        if self.found.is_none() {
            self.found = Some((flaw, self.inside));
        }
    }

    const fn enter(&mut self, member: &'static str) {
        if let Some(place) = &mut self.inside {
            place.member = member;
        }
    }

    const fn visit(&mut self, shape: &'static Shape) {
        match shape {
            Shape::Int { .. } => self.find(Flaw::Wide),
            Shape::Option(inner) => {
                if writes_null(inner) {
                    self.find(Flaw::Null(inner));
                }
                self.push(inner);
            }
            Shape::Array(inner) => self.push(inner),
            Shape::Map { key, value } => {
                if !is_key(key) {
                    self.find(Flaw::Key(key));
                }
                self.push(key);
                self.push(value);
            }
            Shape::Tuple(items) => self.items(items),
            Shape::Generic(def) => {
                if let Some(circle) = Values::circle(shape) {
                    self.find(Flaw::NoValue(circle));
                }
                self.inside = Some(Place { of: def.name, member: "" });
                self.push(&def.body);
            }
            Shape::Split { write, read } => {
                self.push(write);
                self.push(read);
            }
            Shape::Struct(object) => self.members(object.members, None),
            Shape::Enum(one_of) => self.variants(one_of),
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

    const fn members(&mut self, members: &'static [Member], tag: Option<&'static str>) {
        let mut at = 0;
        while at < members.len() {
            match &members[at] {
                Member::Plain(name, _, shape) => {
                    self.enter(name);
                    self.push(shape);
                }
                Member::Field(field) => {
                    self.enter(field.rust);
                    self.push(field.shape);
                }
                Member::Flatten { rust, shape } => {
                    self.enter(rust);
                    if let Some(flaw) = flattened_flaw(members, at, tag) {
                        self.find(flaw);
                    }
                    self.push(flattened_part(shape));
                }
            }
            at += 1;
        }
    }

    const fn variants(&mut self, one_of: &'static EnumShape) {
        let mut at = 0;
        while at < one_of.variants.len() {
            self.enter(one_of.variants[at].rust);
            if let Some(flaw) = variant_flaw(one_of, at) {
                self.find(flaw);
            }
            match (one_of.variants[at].shape, one_of.repr) {
                (Some(Shape::Struct(object)), Repr::Internal { tag }) => self.members(object.members, Some(tag)),
                (Some(shape), _) => self.push(shape),
                (None, _) => {}
            }
            at += 1;
        }
    }
}

/// The flaw of a flattened field, not counting flaws of its type.
pub(super) const fn flattened_flaw(members: &'static [Member], at: usize, tag: Option<&'static str>) -> Option<Flaw> {
    let Member::Flatten { shape, .. } = members[at] else { return None };
    let content = match opened(shape, Direction::Write) {
        Shape::Option(inner) => {
            if let Some(why) = loses_none(inner) {
                return Some(Flaw::LosesNone(why));
            }
            inner
        }
        _ => shape,
    };
    match (no_object(content, Among::Fields), clash(members, at, tag), taken(members, at)) {
        (Some(found), ..) => Some(Flaw::NoObject(found)),
        (_, Some(clash), _) => Some(Flaw::Clash(clash)),
        (.., Some((other, after))) => Some(Flaw::TakesAll { other, after }),
        _ if refuses_others(content) => Some(Flaw::RefusesOthers(content)),
        _ => unreadable_flaw(content),
    }
}

const fn unreadable_flaw(content: &'static Shape) -> Option<Flaw> {
    match unreadable_inside(content) {
        Some(reason) => Some(Flaw::Unreadable(reason)),
        None => None,
    }
}

/// The part of a flattened field that is checked like any other: flattening has its own rules for options.
pub(super) const fn flattened_part(shape: &'static Shape) -> &'static Shape {
    match shape {
        Shape::Option(inner) => inner,
        shape => shape,
    }
}

/// The flaw of a variant, not counting flaws of its types.
pub(super) const fn variant_flaw(one_of: &'static EnumShape, at: usize) -> Option<Flaw> {
    let variant = &one_of.variants[at];
    match (one_of.repr, variant.shape) {
        (Repr::Untagged, content) => match (reader_before(one_of.variants, at), content) {
            (None, Some(content)) => unreadable_flaw(content),
            (flaw, _) => flaw,
        },
        // serde itself checks the tag against the fields of a struct variant.
        (Repr::Internal { .. }, Some(content @ Shape::Struct(_))) if !variant.newtype => unreadable_flaw(content),
        (Repr::Internal { tag }, Some(content)) => match (no_object(content, Among::Tag), tag_clash(content, tag)) {
            (Some(found), _) => Some(Flaw::Untaggable { variant: variant.rust, tag, found }),
            (_, Some(_)) => Some(Flaw::TagClash { tag }),
            _ if refuses_others(content) => Some(Flaw::RefusesOthers(content)),
            _ => unreadable_flaw(content),
        },
        _ => None,
    }
}

/// Whether it cannot have a flaw, or is checked at its definition.
const fn is_checked(shape: &Shape) -> bool {
    match shape {
        Shape::Int { min, max } => *min >= i64::MIN as i128 && *max <= u64::MAX as i128,
        Shape::Option(_)
        | Shape::Array(_)
        | Shape::Map { .. }
        | Shape::Tuple(_)
        | Shape::Generic(_)
        | Shape::Split { .. }
        | Shape::Struct(_)
        | Shape::Enum(_) => false,
        _ => true,
    }
}

/// Maximum number of alternatives of one option that are inspected.
const ALTERNATIVES: usize = 16;

/// Whether a value may be `null`. A `Value` is exempt: it depends on the value.
const fn writes_null(shape: &'static Shape) -> bool {
    let mut queue = [shape; ALTERNATIVES];
    let (mut at, mut len) = (0, 1);
    while at < len {
        match opened(queue[at], Direction::Write) {
            Shape::Null | Shape::Option(_) => return true,
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                let mut next = 0;
                while next < variants.len() {
                    match (variants[next].ser, variants[next].shape) {
                        (None, _) => {}
                        (_, None) => return true,
                        (_, Some(shape)) if len < ALTERNATIVES => {
                            queue[len] = shape;
                            len += 1;
                        }
                        _ => {}
                    }
                    next += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}
