//! The fields visible in the JSON of a shape, through named types, options, flattened members and variants.
//!
//! Constant evaluation has a small stack, so nothing here is recursive: pending work is kept in a list.

use super::text::same;
use crate::contract::{Def, EnumShape, Field, MediaKind, Member, Repr, Shape, Variant};

/// The maximum number of pending shapes, and of alternatives of one value.
const WIDTH: usize = 48;
/// Ends the walk of a shape that refers to itself without a field in between.
const STEPS: usize = 20_000;

/// The shape of tags, unit variants and keys.
pub(super) const TEXT: &Shape = &Shape::Str { format: None };
const ANY: &Shape = &Shape::Any;

/// The generic types entered so far, to resolve a [`Shape::Ref`].
#[derive(Clone, Copy)]
pub(super) struct Defs {
    at: [Option<&'static Def>; WIDTH],
    len: usize,
}

impl Defs {
    pub(super) const fn new() -> Self {
        Self { at: [None; WIDTH], len: 0 }
    }

    /// Enters a generic type, which a [`Shape::Ref`] may refer to.
    const fn enter(&mut self, def: &'static Def) -> &'static Shape {
        if self.len < WIDTH {
            self.at[self.len] = Some(def);
            self.len += 1;
        }
        &def.body
    }

    /// The shape of an enclosing type; an unknown one may be anything.
    const fn find(&self, id: &str) -> &'static Shape {
        let mut i = self.len;
        while i > 0 {
            i -= 1;
            if let Some(def) = self.at[i]
                && same(def.id, id)
            {
                return &def.body;
            }
        }
        ANY
    }

    /// Strips names and references from a shape. An attachment is what it is, and nothing can be read of it.
    pub(super) const fn peel(&mut self, mut shape: &'static Shape) -> &'static Shape {
        let mut steps = 0;
        while steps < WIDTH {
            shape = match shape {
                Shape::Named(_) if MediaKind::of_shape(shape).is_some() => return shape,
                Shape::Named(def) => &def.get().body,
                Shape::Generic(def) => self.enter(def),
                Shape::Split { write, .. } => write,
                Shape::Ref(id) => self.find(id),
                _ => return shape,
            };
            steps += 1;
        }
        ANY
    }
}

/// The possible shapes of a value.
#[derive(Clone, Copy)]
pub(super) struct Shapes {
    pub(super) at: [&'static Shape; WIDTH],
    pub(super) len: usize,
}

impl Shapes {
    pub(super) const fn new() -> Self {
        Self { at: [ANY; WIDTH], len: 0 }
    }

    pub(super) const fn one(shape: &'static Shape) -> Self {
        let mut shapes = Self::new();
        shapes.push(shape);
        shapes
    }

    /// Adds an alternative. If there are too many, the last one becomes `Any`, which rejects nothing.
    pub(super) const fn push(&mut self, shape: &'static Shape) {
        if self.len < WIDTH {
            self.at[self.len] = shape;
            self.len += 1;
        } else {
            self.at[WIDTH - 1] = ANY;
        }
    }
}

/// The alternatives of a value, without names, options and untagged enums.
pub(super) struct Concrete {
    pub(super) shapes: Shapes,
    /// Whether it may be `null`.
    pub(super) null: bool,
}

pub(super) const fn concrete(from: &Shapes, defs: &mut Defs) -> Concrete {
    let mut out = Concrete { shapes: Shapes::new(), null: false };
    let mut open = *from;
    let mut steps = 0;
    while open.len > 0 && steps < STEPS {
        steps += 1;
        open.len -= 1;
        match defs.peel(open.at[open.len]) {
            Shape::Option(inner) => {
                out.null = true;
                open.push(inner);
            }
            Shape::Null => out.null = true,
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                let mut i = variants.len();
                while i > 0 {
                    i -= 1;
                    match &variants[i] {
                        Variant { ser: None, .. } => {}
                        Variant { shape: Some(shape), .. } => open.push(shape),
                        Variant { shape: None, .. } => out.null = true,
                    }
                }
            }
            shape => out.shapes.push(shape),
        }
    }
    out
}

/// A field that a value may have.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// `None` for any name, as in a map.
    pub(super) name: Option<&'static str>,
    pub(super) shape: &'static Shape,
    /// Whether every value has it.
    pub(super) always: bool,
}

#[derive(Clone, Copy)]
enum Open {
    Shape(&'static Shape, bool),
    Members(&'static [Member], usize, bool),
    Variants(&'static EnumShape, usize, bool),
}

/// Iterates over the fields of a shape.
pub(super) struct Fields {
    open: [Open; WIDTH],
    len: usize,
    steps: usize,
}

impl Fields {
    pub(super) const fn of(shape: &'static Shape) -> Self {
        Self { open: [Open::Shape(shape, true); WIDTH], len: 1, steps: 0 }
    }

    const fn push(&mut self, open: Open) {
        if self.len < WIDTH {
            self.open[self.len] = open;
            self.len += 1;
        }
    }

    pub(super) const fn next(&mut self, defs: &mut Defs) -> Option<Entry> {
        while self.len > 0 && self.steps < STEPS {
            self.steps += 1;
            self.len -= 1;
            let entry = match self.open[self.len] {
                Open::Shape(shape, always) => self.shape(defs.peel(shape), always),
                Open::Members(members, i, always) => self.member(members, i, always),
                Open::Variants(shape, i, always) => self.variant(shape, i, always),
            };
            if entry.is_some() {
                return entry;
            }
        }
        None
    }

    const fn shape(&mut self, shape: &'static Shape, always: bool) -> Option<Entry> {
        match shape {
            Shape::Option(inner) => self.push(Open::Shape(inner, false)),
            Shape::Struct(shape) => self.push(Open::Members(shape.members, 0, always)),
            Shape::Map { value, .. } => return Some(Entry { name: None, shape: value, always: false }),
            Shape::Any => return Some(Entry { name: None, shape: ANY, always: true }),
            Shape::Enum(shape) => {
                self.push(Open::Variants(shape, 0, always));
                if let Repr::Internal { tag } | Repr::Adjacent { tag, .. } = shape.repr {
                    return Some(Entry { name: Some(tag), shape: TEXT, always });
                }
            }
            _ => {}
        }
        None
    }

    const fn member(&mut self, members: &'static [Member], i: usize, always: bool) -> Option<Entry> {
        if i == members.len() {
            return None;
        }
        self.push(Open::Members(members, i + 1, always));
        match &members[i] {
            Member::Flatten { shape, .. } => self.push(Open::Shape(shape, always)),
            Member::Plain(name, _, shape) => return Some(Entry { name: Some(name), shape, always }),
            Member::Field(Field { ser: Some(name), shape, always_written, .. }) => {
                return Some(Entry { name: Some(name), shape, always: always && *always_written });
            }
            Member::Field(_) => {}
        }
        None
    }

    const fn variant(&mut self, of: &'static EnumShape, i: usize, always: bool) -> Option<Entry> {
        if i == of.variants.len() {
            return None;
        }
        self.push(Open::Variants(of, i + 1, always));
        let always = always && of.variants.len() == 1;
        match (&of.variants[i], of.repr) {
            (Variant { ser: Some(name), shape: Some(shape), .. }, Repr::External) => {
                return Some(Entry { name: Some(name), shape, always });
            }
            (Variant { ser: Some(_), shape: Some(shape), .. }, Repr::Adjacent { content, .. }) => {
                return Some(Entry { name: Some(content), shape, always });
            }
            (Variant { ser: Some(_), shape: Some(shape), .. }, _) => self.push(Open::Shape(shape, always)),
            _ => {}
        }
        None
    }
}
