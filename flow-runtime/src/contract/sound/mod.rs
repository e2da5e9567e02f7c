//! Whether a contract can be written and read: the flaws visible in its shape.
//!
//! A non-generic type is checked where it is defined, field by field and variant by variant, so that each flaw is reported at its
//! own place. A shape that no definition covers, such as `Vec<Page<T>>`, is checked where it is used: [`part`].

mod beside;
mod content;
mod finite;
mod flaw;
mod hidden;
mod names;
mod parts;
mod tell;

pub(crate) use tell::returned;
pub use tell::{flattened, flaws, no_value, part, tagged};

use super::{Access, Def, Member, Shape};
use finite::Values;

/// Checks a definition and some of its parts in one constant. Returns 0 if there is no flaw, 1 if the type has no finite value,
/// and index + 2 for a flawed part. Most contracts have no flaw, and one constant is cheaper than one per part.
pub const fn flawed(whole: Option<&'static Shape>, parts: &[&'static Shape]) -> usize {
    if let Some(shape) = whole
        && Values::circle(shape).is_some()
    {
        return 1;
    }
    let mut at = 0;
    while at < parts.len() {
        if parts::flaw(parts[at]).is_some() {
            return at + 2;
        }
        at += 1;
    }
    0
}

/// The wire form of a type's own fields, which a conversion replaces in one direction.
const fn own_body(def: &'static Def) -> &'static Shape {
    match (&def.body, def.access) {
        (Shape::Split { read, .. }, Access::Hidden) => read,
        (Shape::Split { write, .. }, _) => write,
        (body, _) => body,
    }
}

/// The fields of a struct, or of one variant of an enum.
const fn own_members(def: &'static Def, variant: Option<usize>) -> &'static [Member] {
    let shape = match (own_body(def), variant) {
        (Shape::Enum(one_of), Some(variant)) => one_of.variants[variant].shape,
        (body, _) => Some(body),
    };
    match shape {
        Some(Shape::Struct(object)) => object.members,
        _ => &[],
    }
}
