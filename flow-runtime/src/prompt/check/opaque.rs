//! Values that must not be printed as text: secrets, values the compiler cannot inspect, and attachments.

use super::walk::{Concrete, Defs};
use crate::contract::{Def, MediaKind, Member, Shape};

/// The maximum number of pending shapes, and of named types.
const ROOM: usize = 512;

/// The name of an opaque value at a place.
pub(super) const fn at(place: &Concrete) -> Option<&'static str> {
    let mut i = 0;
    while i < place.shapes.len {
        if let Shape::Opaque(name) = place.shapes.at[i] {
            return Some(name);
        }
        i += 1;
    }
    None
}

/// What must not be printed.
#[derive(Clone, Copy)]
pub(super) enum Hidden {
    /// A value of this name.
    Opaque(&'static str),
    Media(MediaKind),
}

/// What is anywhere inside a place, and would be printed with it. Attachments count if `media` is set and if they are not the
/// complete value.
pub(super) const fn within(place: &Concrete, media: bool, defs: &mut Defs) -> Option<Hidden> {
    let mut search = Search { open: [&Shape::Null; ROOM], len: 0, seen: [None; ROOM], names: 0, media, found: None };
    let mut i = 0;
    while i < place.shapes.len {
        if MediaKind::of_shape(place.shapes.at[i]).is_none() {
            search.push(place.shapes.at[i]);
        }
        i += 1;
    }
    while search.len > 0 && search.found.is_none() {
        search.len -= 1;
        search.look(search.open[search.len], defs);
    }
    search.found
}

struct Search {
    open: [&'static Shape; ROOM],
    len: usize,
    /// The named types visited so far.
    seen: [Option<&'static Def>; ROOM],
    names: usize,
    media: bool,
    found: Option<Hidden>,
}

impl Search {
    const fn push(&mut self, shape: &'static Shape) {
        match shape {
            Shape::Opaque(name) => self.found = Some(Hidden::Opaque(name)),
            Shape::Named(_) if MediaKind::of_shape(shape).is_some() => {
                if self.media && self.found.is_none() {
                    self.found = match MediaKind::of_shape(shape) {
                        Some(kind) => Some(Hidden::Media(kind)),
                        None => None,
                    };
                }
            }
            Shape::Any
            | Shape::Null
            | Shape::Bool
            | Shape::Number
            | Shape::Float { .. }
            | Shape::Int { .. }
            | Shape::Char
            | Shape::Str { .. } => {}
            // A `Ref` refers to an enclosing type, which is being visited already.
            Shape::Ref(_) => {}
            // Too large a type is reported, never accepted silently.
            _ if self.len == ROOM => self.found = Some(Hidden::Opaque("too large to look through")),
            _ => {
                self.open[self.len] = shape;
                self.len += 1;
            }
        }
    }

    const fn look(&mut self, shape: &'static Shape, defs: &mut Defs) {
        match shape {
            Shape::Named(def) if self.first(def.get()) => self.push(defs.peel(shape)),
            Shape::Generic(_) => self.push(defs.peel(shape)),
            Shape::Split { write, .. } => self.push(write),
            Shape::Array(inner) | Shape::Option(inner) => self.push(inner),
            Shape::Map { value, .. } => self.push(value),
            Shape::Tuple(items) => {
                let mut i = 0;
                while i < items.len() {
                    self.push(items[i]);
                    i += 1;
                }
            }
            Shape::Struct(shape) => {
                let mut i = 0;
                while i < shape.members.len() {
                    match &shape.members[i] {
                        Member::Plain(_, _, shape) => self.push(shape),
                        Member::Field(field) if field.ser.is_none() => {}
                        Member::Field(field) => self.push(field.shape),
                        Member::Flatten { shape, .. } => self.push(shape),
                    }
                    i += 1;
                }
            }
            Shape::Enum(shape) => {
                let mut i = 0;
                while i < shape.variants.len() {
                    if let (Some(_), Some(content)) = (shape.variants[i].ser, shape.variants[i].shape) {
                        self.push(content);
                    }
                    i += 1;
                }
            }
            _ => {}
        }
    }

    /// Marks a named type as visited; returns whether it is new.
    const fn first(&mut self, def: &'static Def) -> bool {
        let mut i = 0;
        while i < self.names {
            if let Some(seen) = self.seen[i]
                && seen.is(def)
            {
                return false;
            }
            i += 1;
        }
        if self.names == ROOM {
            self.found = Some(Hidden::Opaque("too large to look through"));
            return false;
        }
        self.seen[self.names] = Some(def);
        self.names += 1;
        true
    }
}
