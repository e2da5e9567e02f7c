//! Kinds of values, and the kinds that filters and operators accept.

use super::text::{Text, same};
use super::walk::Concrete;
use crate::contract::{EnumShape, MediaKind, Repr, Shape};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kinds(u16);

const TEXT: Kinds = Kinds(1);
const NUMBER: Kinds = Kinds(2);
const BOOL: Kinds = Kinds(4);
const LIST: Kinds = Kinds(8);
pub(super) const OBJECT: Kinds = Kinds(16);
/// The kinds that `for` and an index accept.
pub(super) const MANY: Kinds = LIST.or(OBJECT);
const IMAGE: Kinds = Kinds(32);
const AUDIO: Kinds = Kinds(64);
const PDF: Kinds = Kinds(128);
const MEDIA: Kinds = IMAGE.or(AUDIO).or(PDF);

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
    /// What can be printed as text.
    pub(super) const ANY: Self = Self(31);

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

    /// Whether anything that can be printed is accepted, and may be printed.
    pub(super) const fn is_any(self) -> bool {
        self.0 == Self::ANY.0
    }

    /// Whether it may be an attachment.
    pub(super) const fn is_media(self) -> bool {
        self.meets(MEDIA)
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
        Self::ANY
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
            shape if MediaKind::of_shape(shape).is_some() => match MediaKind::of_shape(shape) {
                Some(MediaKind::Audio) => AUDIO,
                Some(MediaKind::Pdf) => PDF,
                _ => IMAGE,
            },
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
        if self.is_any() {
            return out.push("text, a number or other JSON");
        }
        let words = [
            (TEXT, "a string"),
            (NUMBER, "a number"),
            (BOOL, "a boolean"),
            (LIST, "a list"),
            (OBJECT, "an object"),
            (IMAGE, "an image"),
            (AUDIO, "audio"),
            (PDF, "a PDF"),
        ];
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
