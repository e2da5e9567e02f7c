//! Untagged variants that are never read, because serde takes the first variant that reads a value.

use super::flaw::Flaw;
use crate::contract::compare::reads_all;
use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Repr, Shape, Variant};

/// Maximum number of alternatives of one variant that are inspected.
const ALTERNATIVES: usize = 16;

/// The flaw of a variant whose values are all read by earlier ones.
pub(super) const fn reader_before(variants: &'static [Variant], at: usize) -> Option<Flaw> {
    let (variant, written) = (&variants[at], content(&variants[at]));
    if variant.ser.is_none() || is_never(written) {
        return None;
    }
    let mut alternatives = Alternatives { shapes: [written; ALTERNATIVES], len: 1 };
    let (mut next, mut earlier, mut alone) = (0, None, true);
    while next < alternatives.len && next < ALTERNATIVES {
        let shape = alternatives.shapes[next];
        next += 1;
        if alternatives.split(shape) {
            continue;
        }
        match (reader(variants, at, shape), earlier) {
            (None, _) => return None,
            (Some(found), None) => earlier = Some(found),
            (Some(found), Some(first)) => alone = alone && first == found,
        }
    }
    match earlier {
        Some(reader) if alternatives.len <= ALTERNATIVES => {
            let earlier = &variants[reader];
            let mutual = !alone || reads_all(content(earlier), written, variant.newtype);
            Some(Flaw::Hidden { variant, earlier, alone, mutual })
        }
        _ => None,
    }
}

/// The first earlier variant that reads all values of a shape.
const fn reader(variants: &'static [Variant], before: usize, shape: &'static Shape) -> Option<usize> {
    let mut at = 0;
    while at < before {
        if variants[at].de.is_some() && reads_all(shape, content(&variants[at]), variants[at].newtype) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The alternatives in which a variant is written; each may be read by a different variant.
struct Alternatives {
    shapes: [&'static Shape; ALTERNATIVES],
    len: usize,
}

impl Alternatives {
    /// Replaces a shape with its alternatives, if it has any.
    const fn split(&mut self, shape: &'static Shape) -> bool {
        match opened(shape, Direction::Write) {
            Shape::Option(inner) => {
                self.push(&Shape::Null);
                self.push(inner);
                true
            }
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                let mut at = 0;
                while at < variants.len() {
                    if variants[at].ser.is_some() {
                        self.push(content(&variants[at]));
                    }
                    at += 1;
                }
                true
            }
            _ => false,
        }
    }

    /// Counts alternatives that do not fit.
    const fn push(&mut self, shape: &'static Shape) {
        if self.len < ALTERNATIVES {
            self.shapes[self.len] = shape;
        }
        self.len += 1;
    }
}

/// The content of an untagged variant: `null` for a unit variant.
const fn content(variant: &Variant) -> &'static Shape {
    match variant.shape {
        Some(shape) => shape,
        None => &Shape::Null,
    }
}

/// Whether nothing is ever written: a type whose own error was reported.
const fn is_never(shape: &'static Shape) -> bool {
    matches!(opened(shape, Direction::Write), Shape::Enum(EnumShape { repr: Repr::Untagged, variants: [], .. }))
}
