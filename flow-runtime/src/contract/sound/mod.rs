//! Whether a contract is one that can be written and read: the flaws that its shape shows.
//!
//! A type without parameters is checked where it is defined, field by field and variant by variant, so that each flaw is told at
//! its own place. A shape that no definition has checked, as `Vec<Page<T>>`, is checked where it is used: [`part`].

mod beside;
mod content;
mod finite;
mod hidden;
mod names;
mod parts;
mod tell;

pub(crate) use tell::returned;
pub use tell::{flattened, flaws, no_value, part, tagged};

use super::{Access, Def, Member, Shape};
use finite::Values;

/// Looks at a definition and at some of its parts at once. 0 stands for no flaw, 1 for a type without a finite value, 2 and more
/// for the part at this index less 2: most contracts have none, and one constant costs less than one for each part.
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
