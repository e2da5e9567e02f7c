//! The wire shape of a type in both directions: the producer writes it, the consumer reads it.

mod def;

use super::text::equal;
pub use def::{Access, Def, DefPtr};

/// The JSON shape of a type.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// Any JSON number.
    Number,
    /// A floating-point number.
    Float {
        /// The bits of the mantissa: 24 for `f32`, 53 for `f64`.
        bits: u32,
    },
    /// An integer from `min` to `max`, both included.
    Int {
        /// The smallest value.
        min: i128,
        /// The largest value, capped at `i128::MAX`; `serde_json` has no larger numbers.
        max: i128,
    },
    /// A string of one character.
    Char,
    /// A string; `format` is the JSON Schema format of every written value.
    Str {
        /// `date-time`, `uuid`, `uri`, …
        format: Option<&'static str>,
    },
    /// A sequence of any length.
    Array(&'static Shape),
    /// A sequence of a fixed length.
    Tuple(&'static [&'static Shape]),
    /// An object with arbitrary keys.
    Map {
        /// The shape that a key's text is read as: an integer key is written `"7"`.
        key: &'static Shape,
        /// The shape of each value.
        value: &'static Shape,
    },
    /// The value, or `null`.
    Option(&'static Shape),
    /// An object with named members.
    Struct(StructShape),
    /// One of several variants.
    Enum(EnumShape),
    /// A named type, behind a pointer so that types can be recursive.
    Named(DefPtr),
    /// A generic named type. Each instance has its own definition, so the id alone does not identify it.
    Generic(&'static Def),
    /// The nearest enclosing [`Generic`](Self::Generic) definition with this id.
    Ref(&'static str),
    /// A type that is written as one shape and read as another (`from` without `into`, and the reverse).
    Split {
        /// What is written.
        write: &'static Shape,
        /// What is read.
        read: &'static Shape,
    },
    /// A shape unknown to the compiler, compared by name.
    Opaque(&'static str),
}

/// An object with named members.
#[derive(Clone, Copy, Debug)]
pub struct StructShape {
    /// The members, in source order.
    pub members: &'static [Member],
    /// Reading rejects unknown fields.
    pub deny_unknown: bool,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub enum Member {
    /// A typical field: always written, read under its own name, required unless it is an option. It consists of name,
    /// [hash](crate::contract::hash) of the name, and shape; kept small because there are many and const evaluation pays for each
    /// word.
    Plain(&'static str, u64, &'static Shape),
    /// Any other field.
    Field(Field),
    /// The members of another shape, inlined.
    Flatten {
        /// The name in Rust.
        rust: &'static str,
        /// The shape whose members these are.
        shape: &'static Shape,
    },
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name in Rust, for paths such as `a.candidate`.
    pub rust: &'static str,
    /// The name when written; `None` if it is never written.
    pub ser: Option<&'static str>,
    /// The name when read; `None` if it is never read.
    pub de: Option<&'static str>,
    /// [Hashes](crate::contract::hash) of `ser` and `de`, so that most comparisons of names end early.
    pub hash: (u64, u64),
    /// Further names accepted when reading.
    pub aliases: &'static [&'static str],
    /// Whether every written value has the field.
    pub always_written: bool,
    /// Whether the option is omitted instead of written as `null`.
    pub never_null: bool,
    /// Whether a value without the field is rejected.
    pub required: bool,
    /// Whether it has its own serde functions (`with`): `shape` is the wire form, not the type's own.
    pub by_hand: bool,
    /// The shape of its value.
    pub shape: &'static Shape,
}

/// How an enum is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repr {
    /// `{"variant": content}`, or `"variant"`.
    External,
    /// `{"tag": "variant", …}`.
    Internal {
        /// The name of the tag.
        tag: &'static str,
    },
    /// `{"tag": "variant", "content": …}`.
    Adjacent {
        /// The name of the tag.
        tag: &'static str,
        /// The name of the content.
        content: &'static str,
    },
    /// The content alone.
    Untagged,
}

/// One of several variants.
#[derive(Clone, Copy, Debug)]
pub struct EnumShape {
    /// How variants are written.
    pub repr: Repr,
    /// The variants, in source order.
    pub variants: &'static [Variant],
    /// Reading rejects unknown fields.
    pub deny_unknown: bool,
}

/// A variant of an enum.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The name in Rust.
    pub rust: &'static str,
    /// The name when written; `None` if it is never written.
    pub ser: Option<&'static str>,
    /// The name when read; `None` if it is never read.
    pub de: Option<&'static str>,
    /// Further names accepted when reading.
    pub aliases: &'static [&'static str],
    /// Whether it reads any name that no other variant has.
    pub other: bool,
    /// Whether `shape` is the only positional field, not a tuple of all fields.
    pub newtype: bool,
    /// The content; `None` for a unit variant.
    pub shape: Option<&'static Shape>,
}

impl Shape {
    /// Returns the definition of a named type.
    pub const fn def(&self) -> Option<&'static Def> {
        match self {
            Self::Named(def) => Some(def.get()),
            Self::Generic(def) => Some(def),
            _ => None,
        }
    }
}

impl Member {
    /// Creates a [plain](Self::Plain) field.
    pub const fn plain(name: &'static str, shape: &'static Shape) -> Self {
        Self::Plain(name, super::hash(name), shape)
    }

    /// Returns the field in full, if the member is one.
    pub const fn field(&self) -> Option<Field> {
        match *self {
            Self::Plain(name, hash, shape) => Some(Field::plain(name, hash, shape)),
            Self::Field(field) => Some(field),
            Self::Flatten { .. } => None,
        }
    }
}

impl Field {
    const fn plain(name: &'static str, hash: u64, shape: &'static Shape) -> Self {
        Self {
            rust: name,
            ser: Some(name),
            de: Some(name),
            hash: (hash, hash),
            aliases: &[],
            always_written: true,
            never_null: false,
            required: !is_optional(shape),
            by_hand: false,
            shape,
        }
    }
}

impl Repr {
    /// Whether both are the same form, with the same names.
    pub(super) const fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::External, Self::External) | (Self::Untagged, Self::Untagged) => true,
            (Self::Internal { tag: a }, Self::Internal { tag: b }) => equal(a, b),
            (Self::Adjacent { tag: a, content: c }, Self::Adjacent { tag: b, content: d }) => {
                equal(a, b) && equal(c, d)
            }
            _ => false,
        }
    }
}

impl Variant {
    /// Creates a variant with one positional field, or with a struct's fields.
    pub const fn content(rust: &'static str, name: &'static str, newtype: bool, shape: &'static Shape) -> Self {
        Self { rust, ser: Some(name), de: Some(name), aliases: &[], other: false, newtype, shape: Some(shape) }
    }
}

/// Returns whether a value can be read although its field is absent: an option.
pub const fn is_optional(shape: &Shape) -> bool {
    matches!(shape, Shape::Option(_))
}

/// Whether both are the same non-generic named type, which fits itself.
pub const fn is_same(from: &'static Shape, to: &'static Shape) -> bool {
    match (from, to) {
        (Shape::Named(from), Shape::Named(to)) => from.get().is(to.get()),
        _ => false,
    }
}

/// Whether a shape has no inner shapes.
pub(super) const fn is_leaf(shape: &Shape) -> bool {
    !matches!(
        shape,
        Shape::Array(_)
            | Shape::Option(_)
            | Shape::Map { .. }
            | Shape::Tuple(_)
            | Shape::Struct(_)
            | Shape::Enum(_)
            | Shape::Split { .. }
            | Shape::Named(_)
            | Shape::Generic(_)
    )
}
