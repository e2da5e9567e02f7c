//! The wire shape of a type, in both directions at once: the producer writes it, the consumer reads it.

/// The JSON shape of a type.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A floating-point number.
    Number,
    /// An integer from `min` to `max`, both included.
    Int {
        /// The smallest value.
        min: i128,
        /// The largest value.
        max: i128,
    },
    /// A string; `format` names the JSON Schema format every written value keeps.
    Str {
        /// `date-time`, `uuid`, `uri`, …
        format: Option<&'static str>,
    },
    /// A sequence of any length.
    Array(&'static Shape),
    /// A sequence of a fixed length.
    Tuple(&'static [&'static Shape]),
    /// An object with arbitrary keys; the key's shape says what a key must parse as.
    Map {
        /// What a key must read as.
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
    /// The nearest enclosing generic definition with this id.
    Ref(&'static str),
    /// A shape the compiler cannot see, compared by name.
    Opaque(&'static str),
}

/// A named type.
#[derive(Debug)]
pub struct Def {
    /// Package, version, module and place of the definition: equal ids are the same type.
    pub id: &'static str,
    /// The name a reader knows it by.
    pub name: &'static str,
    /// The definition has type parameters, so that the id alone does not identify it.
    pub generic: bool,
    /// A hash of the id, so that most comparisons of ids end early.
    pub hash: u64,
    /// What it looks like on the wire.
    pub body: Shape,
}

/// A pointer to a definition. A reference would let const evaluation follow recursive types for ever.
#[derive(Clone, Copy)]
pub struct DefPtr(*const Def);

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
    /// A field.
    Field(Field),
    /// The members of another shape, in place.
    Flatten(&'static Shape),
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
    /// Hashes of `ser` and `de`.
    pub hash: (u64, u64),
    /// Other names that are read.
    pub aliases: &'static [&'static str],
    /// Every written value has the field.
    pub always_written: bool,
    /// A value without the field cannot be read.
    pub required: bool,
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
    /// The content; `None` is a unit variant.
    pub shape: Option<&'static Shape>,
}

// SAFETY: the pointer is only made from `&'static Def` or a `static`, and only read.
#[allow(unsafe_code)]
unsafe impl Send for DefPtr {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for DefPtr {}

impl DefPtr {
    /// A pointer to a promoted constant.
    pub const fn new(def: &'static Def) -> Self {
        Self(def)
    }

    /// A pointer to a `static`, which a reference inside its own initialiser could not be.
    ///
    /// # Safety
    ///
    /// `def` points to a `static`.
    #[allow(unsafe_code)]
    pub const unsafe fn from_raw(def: *const Def) -> Self {
        Self(def)
    }

    /// The definition.
    pub const fn get(self) -> &'static Def {
        // SAFETY: see the constructors.
        #[allow(unsafe_code)]
        unsafe {
            &*self.0
        }
    }
}

impl core::fmt::Debug for DefPtr {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // The name alone: the body may lead back here.
        f.write_str(self.get().name)
    }
}
