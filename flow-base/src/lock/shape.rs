//! Shapes as text: a phrase if one suffices, an object otherwise.

use std::collections::BTreeMap;

use serde::de::{self, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize, Serializer};

/// The JSON shape of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// Any JSON number.
    Number,
    /// A floating-point number with a mantissa of this many bits.
    Float(u32),
    /// An integer in this range, both ends included.
    Int(i128, i128),
    /// A string of one character.
    Char,
    /// A string, optionally of a format.
    Str(Option<String>),
    /// Compared by name only.
    Opaque(String),
    /// A type defined in the lock.
    Named(String),
    /// A sequence.
    Array(Box<Self>),
    /// The value, or `null`.
    Option(Box<Self>),
    /// A sequence of a fixed length.
    Tuple(Vec<Self>),
    /// An object with arbitrary keys: the shapes of key and value.
    Map(Box<Self>, Box<Self>),
    /// An object with named members.
    Object(Object),
    /// One of several variants.
    OneOf(OneOf),
    /// Written as the first shape and read as the second.
    Split(Box<Self>, Box<Self>),
}

/// The mantissa of an `f64`, written as plain `number`.
const DOUBLE: u32 = f64::MANTISSA_DIGITS;

/// An object with named members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The fields, by name.
    pub fields: BTreeMap<String, Field>,
    /// The flattened shapes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flatten: Vec<Shape>,
    /// Reading rejects unknown fields.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed: bool,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The shape of the value.
    pub shape: Shape,
    /// The name when written, if it differs; `Some(None)` if the field is never written.
    pub written: Option<Option<String>>,
    /// The name when read, if it differs; `Some(None)` if the field is never read.
    pub read: Option<Option<String>>,
    /// Further names accepted when reading.
    pub aliases: Vec<String>,
    /// Whether every written value has the field.
    pub always_written: bool,
    /// Whether an option is omitted instead of written as `null`.
    pub never_null: bool,
    /// Whether a value without the field is rejected.
    pub required: bool,
}

/// A field that differs from [`Field::plain`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FullField {
    shape: Shape,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    written: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    read: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    always_written: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    never_null: bool,
    required: bool,
}

/// One of several variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneOf {
    /// How variants are written.
    pub form: Form,
    /// Reading rejects unknown fields.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Sorted by name; without a tag, in the order in which they are tried.
    pub variants: Vec<Variant>,
}

/// How the variants of an enum are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `{"variant": content}`, or `"variant"`.
    External,
    /// The tag is next to the fields.
    Internal(String),
    /// Tag and content in two fields.
    Adjacent(String, String),
    /// Only the content.
    Untagged,
}

/// One of several variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The name in Rust, or on the wire.
    pub name: String,
    /// The name when written, if it differs; `Some(None)` if the variant is never written.
    pub written: Option<Option<String>>,
    /// The name when read, if it differs; `Some(None)` if the variant is never read.
    pub read: Option<Option<String>>,
    /// Further names accepted when reading.
    pub aliases: Vec<String>,
    /// Whether it reads any name that no other variant has.
    pub other: bool,
    /// The content, if any.
    pub content: Option<Shape>,
}

/// A variant that differs from [`Variant::plain`] without content.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FullVariant {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    written: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    read: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    other: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<Shape>,
}

/// A shape that has no phrase.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Compound {
    Array(Box<Shape>),
    Optional(Box<Shape>),
    Tuple(Vec<Shape>),
    Map { key: Box<Shape>, value: Box<Shape> },
    Object(Object),
    OneOf(OneOf),
    Split { written: Box<Shape>, read: Box<Shape> },
}

impl Shape {
    /// The shape as a phrase, if it has one.
    fn words(&self) -> Option<String> {
        Some(match self {
            Self::Any => "any".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool => "boolean".to_owned(),
            Self::Number => "any number".to_owned(),
            Self::Float(DOUBLE) => "number".to_owned(),
            Self::Float(bits) => format!("number of {bits} bits"),
            Self::Char => "character".to_owned(),
            Self::Int(min, max) => format!("integer {min}..={max}"),
            Self::Str(None) => "string".to_owned(),
            Self::Str(Some(format)) => format!("string {format}"),
            Self::Opaque(name) => format!("opaque {name}"),
            Self::Named(name) => format!("type {name}"),
            Self::Array(item) => format!("array of {}", item.words()?),
            Self::Option(inner) => format!("optional {}", inner.words()?),
            Self::Map(key, value) if **key == Self::Str(None) => format!("map of {}", value.words()?),
            _ => return None,
        })
    }

    /// The inverse of [`words`](Self::words).
    fn of_words(words: &str) -> Option<Self> {
        Some(match words {
            "any" => Self::Any,
            "null" => Self::Null,
            "boolean" => Self::Bool,
            "any number" => Self::Number,
            "number" => Self::Float(DOUBLE),
            "character" => Self::Char,
            "string" => Self::Str(None),
            _ => return Self::of_phrase(words),
        })
    }

    fn of_phrase(words: &str) -> Option<Self> {
        let boxed = |words| Self::of_words(words).map(Box::new);
        Some(if let Some(range) = words.strip_prefix("integer ") {
            let (min, max) = range.split_once("..=")?;
            Self::Int(min.parse().ok()?, max.parse().ok()?)
        } else if let Some(bits) = words.strip_prefix("number of ") {
            Self::Float(bits.strip_suffix(" bits")?.parse().ok().filter(|bits| [24, DOUBLE].contains(bits))?)
        } else if let Some(format) = words.strip_prefix("string ") {
            Self::Str(Some(format.to_owned()))
        } else if let Some(name) = words.strip_prefix("opaque ") {
            Self::Opaque(name.to_owned())
        } else if let Some(name) = words.strip_prefix("type ") {
            Self::Named(name.to_owned())
        } else if let Some(item) = words.strip_prefix("array of ") {
            Self::Array(boxed(item)?)
        } else if let Some(inner) = words.strip_prefix("optional ") {
            Self::Option(boxed(inner)?)
        } else {
            Self::Map(Box::new(Self::Str(None)), boxed(words.strip_prefix("map of ")?)?)
        })
    }

    fn compound(&self) -> Compound {
        match self.clone() {
            Self::Array(item) => Compound::Array(item),
            Self::Option(inner) => Compound::Optional(inner),
            Self::Tuple(items) => Compound::Tuple(items),
            Self::Map(key, value) => Compound::Map { key, value },
            Self::Object(object) => Compound::Object(object),
            Self::OneOf(one_of) => Compound::OneOf(one_of),
            Self::Split(written, read) => Compound::Split { written, read },
            other => unreachable!("{other:?} has a phrase"),
        }
    }

    /// The shapes directly inside.
    fn inside(&self) -> Vec<&Self> {
        match self {
            Self::Array(inner) | Self::Option(inner) => vec![inner],
            Self::Tuple(items) => items.iter().collect(),
            Self::Map(one, other) | Self::Split(one, other) => vec![one, other],
            Self::Object(object) => object.fields.values().map(|field| &field.shape).chain(&object.flatten).collect(),
            Self::OneOf(one_of) => one_of.variants.iter().filter_map(|variant| variant.content.as_ref()).collect(),
            _ => Vec::new(),
        }
    }

    fn inside_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Array(inner) | Self::Option(inner) => vec![inner],
            Self::Tuple(items) => items.iter_mut().collect(),
            Self::Map(one, other) | Self::Split(one, other) => vec![one, other],
            Self::Object(object) => {
                object.fields.values_mut().map(|field| &mut field.shape).chain(&mut object.flatten).collect()
            }
            Self::OneOf(one_of) => one_of.variants.iter_mut().filter_map(|variant| variant.content.as_mut()).collect(),
            _ => Vec::new(),
        }
    }

    /// Renames a type.
    pub fn rename(&mut self, from: &str, to: &str) {
        match self {
            Self::Named(name) if name == from => to.clone_into(name),
            other => other.inside_mut().into_iter().for_each(|shape| shape.rename(from, to)),
        }
    }

    /// The names of the types it refers to.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let mut left = vec![self];
        std::iter::from_fn(move || {
            while let Some(shape) = left.pop() {
                left.extend(shape.inside());
                if let Self::Named(name) = shape {
                    return Some(name.as_str());
                }
            }
            None
        })
    }
}

impl Field {
    /// A typical field: always written, read under its own name, required unless it is an option.
    pub fn plain(shape: Shape) -> Self {
        let required = !matches!(shape, Shape::Option(_));
        Self {
            shape,
            written: None,
            read: None,
            aliases: Vec::new(),
            always_written: true,
            never_null: false,
            required,
        }
    }

    /// Returns whether the field is as [`plain`](Self::plain) makes it.
    pub fn is_plain(&self) -> bool {
        let Self { shape, written, read, aliases, always_written, never_null, required } = self;
        let has_its_name = written.is_none() && read.is_none() && aliases.is_empty();
        has_its_name && *always_written && !never_null && *required != matches!(shape, Shape::Option(_))
    }
}

impl Variant {
    /// A variant written and read under its name.
    pub fn plain(name: impl Into<String>, content: Option<Shape>) -> Self {
        Self { name: name.into(), written: None, read: None, aliases: Vec::new(), other: false, content }
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.words() {
            Some(words) => serializer.serialize_str(&words),
            None => self.compound().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Shape;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a shape")
            }

            fn visit_str<E: de::Error>(self, words: &str) -> Result<Shape, E> {
                Shape::of_words(words).ok_or_else(|| E::custom(format_args!("unknown shape `{words}`")))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Shape, A::Error> {
                Compound::deserialize(MapAccessDeserializer::new(map)).map(Shape::from)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl From<Compound> for Shape {
    fn from(compound: Compound) -> Self {
        match compound {
            Compound::Array(item) => Self::Array(item),
            Compound::Optional(inner) => Self::Option(inner),
            Compound::Tuple(items) => Self::Tuple(items),
            Compound::Map { key, value } => Self::Map(key, value),
            Compound::Object(object) => Self::Object(object),
            Compound::OneOf(one_of) => Self::OneOf(one_of),
            Compound::Split { written, read } => Self::Split(written, read),
        }
    }
}

/// Something with a short and a full form.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Either<F, S> {
    Full(F),
    Short(S),
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return self.shape.serialize(serializer);
        }
        let Self { shape, written, read, aliases, always_written, never_null, required } = self.clone();
        FullField { shape, written, read, aliases, always_written, never_null, required }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Either::<FullField, Shape>::deserialize(deserializer)? {
            Either::Short(shape) => Self::plain(shape),
            Either::Full(FullField { shape, written, read, aliases, always_written, never_null, required }) => {
                Self { shape, written, read, aliases, always_written, never_null, required }
            }
        })
    }
}

impl Serialize for Variant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::plain(self.name.clone(), None) {
            return serializer.serialize_str(&self.name);
        }
        let Self { name, written, read, aliases, other, content } = self.clone();
        FullVariant { name, written, read, aliases, other, content }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Variant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Either::<FullVariant, String>::deserialize(deserializer)? {
            Either::Short(name) => Self::plain(name, None),
            Either::Full(FullVariant { name, written, read, aliases, other, content }) => {
                Self { name, written, read, aliases, other, content }
            }
        })
    }
}

/// Tells a written `null` from an absent value.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read_as_it_is_written() {
        let text = Shape::Str(None);
        let odd = Field { written: Some(None), aliases: vec!["b".into()], ..Field::plain(text.clone()) };
        let object = Object {
            fields: [("a".to_owned(), odd), ("c".to_owned(), Field::plain(Shape::Any))].into(),
            flatten: vec![Shape::Named("Rest".into())],
            closed: true,
        };
        let variants = vec![
            Variant::plain("x", None),
            Variant { other: true, ..Variant::plain("y", Some(Shape::Object(object))) },
        ];
        let forms =
            [Form::External, Form::Internal("t".into()), Form::Adjacent("t".into(), "c".into()), Form::Untagged];
        let one_of = |form| Shape::OneOf(OneOf { form, closed: false, variants: variants.clone() });
        let mut shapes: Vec<_> = forms.map(one_of).into();
        shapes.extend([
            Shape::Int(i128::MIN, i128::MAX),
            Shape::Str(Some("date-time".into())),
            Shape::Opaque("a b".into()),
            Shape::Split(Box::new(text.clone()), Box::new(Shape::Null)),
            Shape::Map(Box::new(Shape::Bool), Box::new(Shape::Number)),
            Shape::Float(24),
            Shape::Float(53),
        ]);
        let wrapped = |shape: &Shape| Shape::Array(Box::new(Shape::Option(Box::new(shape.clone()))));
        shapes.extend(shapes.clone().iter().map(wrapped));
        shapes.push(Shape::Tuple(shapes.clone()));
        shapes.push(Shape::Map(Box::new(text), Box::new(Shape::Char)));
        for shape in shapes {
            let text = serde_json::to_string(&shape).expect("JSON");
            assert_eq!(serde_json::from_str::<Shape>(&text).expect(&text), shape, "{text}");
        }
    }

    #[test]
    fn what_is_no_shape_is_told() {
        for text in
            ["\"intger 0..=1\"", "\"array of\"", "\"integer 0\"", "\"number of 200 bits\"", "7", "{\"objekt\": {}}"]
        {
            assert!(serde_json::from_str::<Shape>(text).is_err(), "{text}");
        }
    }
}
