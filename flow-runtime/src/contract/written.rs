//! The fields of written values, by their names in JSON.

use super::members::{Direction, opened};
use super::project::mentions_enclosing;
use super::text::equal;
use super::{Member, Shape};

/// How many flattened structs are looked into.
const FLATTENED: usize = 16;

/// A field of a written object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Written {
    /// Every value has it, of this shape.
    Always(&'static Shape),
    /// Some values lack it.
    Sometimes,
    /// No value has it.
    Never,
    /// The contract does not say.
    Unknown,
}

/// Returns what is written under a name in an object.
pub(crate) const fn written(shape: &'static Shape, name: &str) -> Written {
    let mut open: [Option<&'static Shape>; FLATTENED] = [None; FLATTENED];
    open[0] = Some(shape);
    let (mut next, mut end) = (0, 1);
    while next < end {
        let Some(shape) = open[next] else { return Written::Unknown };
        let members = match opened(shape, Direction::Write) {
            Shape::Struct(object) => object.members,
            // A map or an enum among flattened fields may have any.
            _ if next > 0 => return Written::Unknown,
            Shape::Any | Shape::Map { .. } => return Written::Sometimes,
            Shape::Option(_) | Shape::Enum(_) => return Written::Sometimes,
            _ => return Written::Never,
        };
        let mut at = 0;
        while at < members.len() {
            let found = match &members[at] {
                Member::Plain(wire, _, shape) if equal(wire, name) => Some((*shape, true)),
                Member::Field(field) => match field.ser {
                    Some(wire) if equal(wire, name) => Some((field.shape, field.always_written)),
                    _ => None,
                },
                Member::Flatten { shape, .. } if end < FLATTENED => {
                    open[end] = Some(shape);
                    end += 1;
                    None
                }
                Member::Flatten { .. } => return Written::Unknown,
                Member::Plain(..) => None,
            };
            match found {
                Some((shape, true)) if mentions_enclosing(shape) => return Written::Unknown,
                Some((shape, true)) => return Written::Always(shape),
                Some((_, false)) => return Written::Sometimes,
                None => {}
            }
            at += 1;
        }
        next += 1;
    }
    Written::Never
}
