//! The members of an object in one direction, with flattened ones in place.

mod choices;
mod names;

use super::{EnumShape, Field, Member, Repr, Shape, StructShape};
pub(crate) use choices::Source;
pub(crate) use names::Names;

/// The side of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What is written.
    Write,
    /// What is read.
    Read,
}

/// Maximum nesting of flattened structs.
const DEPTH: usize = 8;

/// Maximum number of named types that wrap each other, so that a mistake in a hand-written shape cannot hang the build.
const WRAPPED: usize = 64;

/// The shape behind names, in one direction.
pub(crate) const fn opened(mut shape: &'static Shape, direction: Direction) -> &'static Shape {
    let mut left = WRAPPED;
    while left > 0 {
        shape = match open_once(shape, direction) {
            Some(body) => body,
            None => return shape,
        };
        left -= 1;
    }
    shape
}

/// One step of [`opened`].
pub(crate) const fn open_once(shape: &'static Shape, direction: Direction) -> Option<&'static Shape> {
    match (shape, direction) {
        (Shape::Named(def), _) => Some(&def.get().body),
        (Shape::Generic(def), _) => Some(&def.body),
        (Shape::Split { write, .. }, Direction::Write) => Some(write),
        (Shape::Split { read, .. }, Direction::Read) => Some(read),
        _ => None,
    }
}

/// The innermost generic type on the way to the shape behind the names.
const fn last_generic(mut shape: &'static Shape, direction: Direction) -> Option<&'static Shape> {
    let mut found = None;
    while let Some(body) = open_once(shape, direction) {
        if matches!(shape, Shape::Generic(_)) {
            found = Some(shape);
        }
        shape = body;
    }
    found
}

/// An element of a walk over the members.
#[derive(Clone, Copy)]
pub(crate) enum Item {
    /// A field; `flat` if it comes from something flattened.
    Field { writer: Written, flat: bool },
    /// The entries of a flattened map.
    Rest { key: &'static Shape, value: &'static Shape },
    /// Flattened content whose members are not known by name, such as an enum without a chosen variant.
    Unclear { shape: &'static Shape, soft: bool },
}

/// A field as it appears in one alternative.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) field: Field,
    /// It may be missing, because it is inside a flattened option.
    pub(crate) soft: bool,
    /// The tag of the chosen variant: always this text.
    pub(crate) literal: Option<&'static str>,
    /// The generic type it was flattened from, which a reference in its shape may name.
    pub(crate) home: Option<&'static Shape>,
}

#[derive(Clone, Copy)]
struct Frame {
    members: &'static [Member],
    at: usize,
    soft: bool,
    home: Option<&'static Shape>,
}

/// A walk over the members of an object. It yields fields of both directions; check `name` in the wanted direction.
pub(crate) struct Members {
    stack: [Frame; DEPTH],
    depth: usize,
    direction: Direction,
    /// The enum to begin with, if the source is one.
    first: Option<&'static Shape>,
    /// The variant of each flattened enum, as digits of a mixed-radix number.
    choice: Option<usize>,
    /// The content next to the tag that was yielded last.
    beside: Option<Item>,
}

impl Members {
    pub(crate) const fn of(object: &StructShape, direction: Direction) -> Self {
        let first = Frame { members: object.members, at: 0, soft: false, home: None };
        Self { stack: [first; DEPTH], depth: 1, direction, first: None, choice: None, beside: None }
    }

    pub(crate) const fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.beside {
            self.beside = None;
            return Some(item);
        }
        if let Some(shape) = self.first {
            self.first = None;
            return self.enter(shape, false, None);
        }
        while self.depth > 0 {
            let frame = &mut self.stack[self.depth - 1];
            if frame.at == frame.members.len() {
                self.depth -= 1;
                continue;
            }
            let (member, soft, home) = (&frame.members[frame.at], frame.soft, frame.home);
            frame.at += 1;
            if let Member::Flatten { shape, .. } = member {
                if let Some(item) = self.enter(shape, soft, home) {
                    return Some(item);
                }
            } else if let Some(field) = member.field() {
                let writer = Written { field, soft, literal: None, home };
                return Some(Item::Field { writer, flat: self.depth > 1 });
            }
        }
        None
    }

    const fn enter(&mut self, shape: &'static Shape, soft: bool, home: Option<&'static Shape>) -> Option<Item> {
        let home = match last_generic(shape, self.direction) {
            Some(inner) => Some(inner),
            None => home,
        };
        match opened(shape, self.direction) {
            Shape::Option(inner) => self.enter(inner, true, home),
            Shape::Struct(object) if self.depth < DEPTH => {
                self.stack[self.depth] = Frame { members: object.members, at: 0, soft, home };
                self.depth += 1;
                None
            }
            Shape::Null => None,
            Shape::Map { key, value } => Some(Item::Rest { key, value }),
            Shape::Any => Some(Item::Rest { key: &Shape::Str { format: None }, value: &Shape::Any }),
            Shape::Enum(one_of) => match self.choice {
                Some(choice) => self.variant(one_of, choice, soft, home),
                None => Some(Item::Unclear { shape: opened(shape, self.direction), soft }),
            },
            shape => Some(Item::Unclear { shape, soft }),
        }
    }

    /// The members written by the chosen variant of an enum.
    const fn variant(
        &mut self,
        one_of: &'static EnumShape,
        choice: usize,
        soft: bool,
        home: Option<&'static Shape>,
    ) -> Option<Item> {
        let count = one_of.written_count();
        self.choice = Some(choice / count);
        let Some((variant, name)) = one_of.written(choice % count) else { return None };
        match (one_of.repr, variant.shape) {
            (Repr::Internal { tag }, content) => {
                self.beside = match content {
                    Some(shape) => self.enter(shape, soft, home),
                    None => None,
                };
                Some(entry(tag, &TEXT, soft, Some(name), home))
            }
            (Repr::Adjacent { tag, content }, shape) => {
                self.beside = match shape {
                    Some(shape) => Some(entry(content, shape, soft, None, home)),
                    None => None,
                };
                Some(entry(tag, &TEXT, soft, Some(name), home))
            }
            (_, Some(shape)) => Some(entry(name, shape, soft, None, home)),
            (_, None) => Some(entry(name, &Shape::Null, soft, None, home)),
        }
    }
}

const TEXT: Shape = Shape::Str { format: None };

/// A field that no struct declares: a tag, or the content under a variant's name.
const fn entry(
    name: &'static str,
    shape: &'static Shape,
    soft: bool,
    literal: Option<&'static str>,
    home: Option<&'static Shape>,
) -> Item {
    let Some(field) = Member::plain(name, shape).field() else { return Item::Unclear { shape, soft } };
    Item::Field { writer: Written { field, soft, literal, home }, flat: true }
}
