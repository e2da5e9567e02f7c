//! The wire shape of a type, in both directions at once: the producer writes it, the consumer reads it.

mod def;

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
        /// The bits of its mantissa: 24 of an `f32`, 53 of an `f64`.
        bits: u32,
    },
    /// An integer from `min` to `max`, both included.
    Int {
        /// The smallest value.
        min: i128,
        /// The largest value; a `u128` above `i128::MAX` is no JSON number in `serde_json` anyway.
        max: i128,
    },
    /// A string of one character.
    Char,
    /// A string; `format` names the JSON Schema format every written value keeps.
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
        /// What the text of a key must read as: an integer key is written `"7"`.
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
    /// A named type, behind a pointer so that recursive types end.
    Named(DefPtr),
    /// A named type with parameters: each instance has a definition of its own, so the id alone does not identify it.
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
    /// A shape the compiler cannot see, compared by name.
    Opaque(&'static str),
}

/// An object with named members.
#[derive(Clone, Copy, Debug)]
pub struct StructShape {
    /// The members, in the order written.
    pub members: &'static [Member],
    /// Reading refuses fields it does not know.
    pub deny_unknown: bool,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub enum Member {
    /// A field as most are: always written, read under the same name, which is its own, and required unless it is an option.
    /// Name, [hash](crate::contract::hash) of the name, shape; there are many, and const evaluation pays for each word.
    Plain(&'static str, u64, &'static Shape),
    /// Any other field.
    Field(Field),
    /// The members of another shape, in place.
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
    /// The name in Rust, to follow `a.candidate`.
    pub rust: &'static str,
    /// The name when written; `None` is never written.
    pub ser: Option<&'static str>,
    /// The name when read; `None` is never read.
    pub de: Option<&'static str>,
    /// [Hashes](crate::contract::hash) of `ser` and `de`, so that most comparisons of names end early.
    pub hash: (u64, u64),
    /// Other names that are read.
    pub aliases: &'static [&'static str],
    /// Every written value has the field.
    pub always_written: bool,
    /// The option is left out instead of being written as `null`.
    pub never_null: bool,
    /// A value without the field cannot be read.
    pub required: bool,
    /// Written by functions of its own (`with`): `shape` is what the field is on the wire, not what its type is.
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
    /// How a variant is written.
    pub repr: Repr,
    /// The variants, in the order written.
    pub variants: &'static [Variant],
    /// Reading refuses fields it does not know.
    pub deny_unknown: bool,
}

/// A variant of an enum.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The name in Rust.
    pub rust: &'static str,
    /// The name when written; `None` is never written.
    pub ser: Option<&'static str>,
    /// The name when read; `None` is never read.
    pub de: Option<&'static str>,
    /// Other names that are read.
    pub aliases: &'static [&'static str],
    /// Reads any name that no other variant has.
    pub other: bool,
    /// `shape` is the variant's only positional field, not a tuple of its fields.
    pub newtype: bool,
    /// The content; `None` is a unit variant.
    pub shape: Option<&'static Shape>,
}

impl Shape {
    /// The definition of a named type.
    pub const fn def(&self) -> Option<&'static Def> {
        match self {
            Self::Named(def) => Some(def.get()),
            Self::Generic(def) => Some(def),
            _ => None,
        }
    }
}

impl Member {
    /// A [plain](Self::Plain) field.
    pub const fn plain(name: &'static str, shape: &'static Shape) -> Self {
        Self::Plain(name, super::hash(name), shape)
    }

    /// The field in full, if the member is one.
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
            required: !super::is_optional(shape),
            by_hand: false,
            shape,
        }
    }
}

impl Variant {
    /// A variant with one positional field, or with a struct's fields.
    pub const fn content(rust: &'static str, name: &'static str, newtype: bool, shape: &'static Shape) -> Self {
        Self { rust, ser: Some(name), de: Some(name), aliases: &[], other: false, newtype, shape: Some(shape) }
    }
}
