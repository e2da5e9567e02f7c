//! Kinds of values, and the kinds that filters and operators accept.

use super::text::{Text, same};
use super::walk::Concrete;
use crate::contract::{EnumShape, Repr, Shape};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kinds(u8);

const TEXT: Kinds = Kinds(1);
const NUMBER: Kinds = Kinds(2);
const BOOL: Kinds = Kinds(4);
const LIST: Kinds = Kinds(8);
pub(super) const OBJECT: Kinds = Kinds(16);
/// The kinds that `for` and an index accept.
pub(super) const MANY: Kinds = LIST.or(OBJECT);
const ANY: Kinds = Kinds(31);

/// The items of a list that is joined.
pub(super) const JOINED: &str = "join[]";

/// The kinds that filters and operators accept; those not listed accept anything.
const TAKES: &[(Kinds, &[&str])] = &[
    (NUMBER, &["+", "-", "*", "/", "//", "%", "**", "abs", "float", "int", "round"]),
    (TEXT, &["split", "lines", "format"]),
    (TEXT.or(NUMBER).or(BOOL), &[JOINED]),
    (TEXT.or(NUMBER), &["~", "capitalize", "e", "escape", "indent", "lower", "replace", "title", "trim", "upper"]),
    (TEXT.or(LIST), &["[:]", "reverse"]),
    (TEXT.or(MANY), &["count", "in", "length"]),
    (MANY, &["list"]),
    (
        LIST,
        &[
            "batch",
            "chain",
            "first",
            "groupby",
            "join",
            "last",
            "map",
            "max",
            "min",
            "reject",
            "rejectattr",
            "select",
            "selectattr",
        ],
    ),
    (LIST, &["slice", "sort", "sum", "unique", "zip"]),
    (OBJECT, &["attr", "dictsort", "items"]),
];

impl Kinds {
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all kinds of `self` are in `other`.
    pub(super) const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds that a filter or an operator accepts.
    pub(super) const fn taken_by(name: &str) -> Self {
        let mut i = 0;
        while i < TAKES.len() {
            let (kinds, names) = TAKES[i];
            let mut j = 0;
            while j < names.len() {
                if same(names[j], name) {
                    return kinds;
                }
                j += 1;
            }
            i += 1;
        }
        ANY
    }

    const fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Str { .. } | Shape::Char => TEXT,
            Shape::Number | Shape::Float { .. } | Shape::Int { .. } => NUMBER,
            Shape::Bool => BOOL,
            Shape::Array(_) | Shape::Tuple(_) => LIST,
            Shape::Struct(_) | Shape::Map { .. } => OBJECT,
            Shape::Enum(EnumShape { repr: Repr::External, variants, .. }) => {
                let mut kinds = Self(0);
                let mut i = 0;
                while i < variants.len() {
                    kinds = kinds.or(if variants[i].shape.is_some() { OBJECT } else { TEXT });
                    i += 1;
                }
                kinds
            }
            Shape::Enum(_) => OBJECT,
            // Opaque values are allowed here; they are rejected when they are read.
            _ => Self(0),
        }
    }

    pub(super) const fn at(place: &Concrete) -> Self {
        let mut kinds = Self(0);
        let mut i = 0;
        while i < place.shapes.len {
            kinds = kinds.or(Self::of(place.shapes.at[i]));
            i += 1;
        }
        kinds
    }

    /// Writes "a string or a list".
    pub(super) const fn name(self, out: &mut Text) {
        let words =
            [(TEXT, "a string"), (NUMBER, "a number"), (BOOL, "a boolean"), (LIST, "a list"), (OBJECT, "an object")];
        let mut first = true;
        let mut i = 0;
        while i < words.len() {
            if self.meets(words[i].0) {
                out.push(if first { "" } else { " or " });
                out.push(words[i].1);
                first = false;
            }
            i += 1;
        }
    }
}
