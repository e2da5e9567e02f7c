//! Names of shapes for messages: `integer (0..=255)`, `array of string`, `Candidate`.

use super::text::Text;
use super::{EnumShape, Repr, Shape, Variant};

/// The buffer for a shape's name.
pub type ShapeText = Text<256>;

/// How many variants are listed before `…`.
const VARIANTS: usize = 6;

/// Maximum nesting of arrays and maps in a name.
const DEPTH: usize = 6;

/// Returns the short name of a shape, for messages.
pub const fn shape_text(shape: &Shape) -> ShapeText {
    let mut text = Text::new();
    describe(&mut text, shape, DEPTH);
    text
}

const fn describe(text: &mut ShapeText, shape: &Shape, depth: usize) {
    if depth == 0 {
        return text.push("…");
    }
    match shape {
        Shape::Any => text.push("any JSON value"),
        Shape::Null => text.push("null"),
        Shape::Bool => text.push("boolean"),
        Shape::Number => text.push("number"),
        Shape::Float { bits: f32::MANTISSA_DIGITS } => text.push("number (f32)"),
        Shape::Float { .. } => text.push("number (f64)"),
        Shape::Int { min, max } => integer(text, *min, *max),
        Shape::Char => text.push("a single character"),
        Shape::Str { format: None } => text.push("string"),
        Shape::Str { format: Some(format) } => phrase(text, "string (", format, ")"),
        Shape::Array(item) => of(text, "array of ", item, depth),
        Shape::Tuple(items) => tuple(text, items, depth),
        Shape::Map { value, .. } => of(text, "map of ", value, depth),
        Shape::Option(inner) => {
            describe(text, inner, depth - 1);
            text.push(" or null");
        }
        Shape::Struct(_) => text.push("object"),
        Shape::Enum(one_of) => variants(text, one_of),
        Shape::Named(def) => named(text, def.get().name, &def.get().body, depth),
        Shape::Generic(def) => named(text, def.name, &def.body, depth),
        Shape::Ref(_) => text.push("the type itself"),
        Shape::Split { .. } => text.push("a type read and written differently"),
        Shape::Opaque(name) => phrase(text, "`", name, "`"),
    }
}

const fn integer(text: &mut ShapeText, min: i128, max: i128) {
    text.push("integer (");
    text.push_int(min);
    text.push("..=");
    text.push_int(max);
    text.push(")");
}

const fn phrase(text: &mut ShapeText, before: &str, name: &str, after: &str) {
    text.push(before);
    text.push(name);
    text.push(after);
}

const fn of(text: &mut ShapeText, container: &str, item: &Shape, depth: usize) {
    text.push(container);
    describe(text, item, depth - 1);
}

const fn tuple(text: &mut ShapeText, items: &[&Shape], depth: usize) {
    text.push("[");
    let mut at = 0;
    while at < items.len() {
        if at > 0 {
            text.push(", ");
        }
        if at == VARIANTS {
            text.push("…");
            break;
        }
        describe(text, items[at], depth - 1);
        at += 1;
    }
    text.push("]");
}

/// Objects include their type's name; other types are described by their content.
const fn named(text: &mut ShapeText, name: &str, body: &Shape, depth: usize) {
    match body {
        Shape::Struct(_) => phrase(text, "object `", name, "`"),
        Shape::Split { .. } => phrase(text, "`", name, "`"),
        Shape::Enum(EnumShape { repr: Repr::Untagged, .. }) => phrase(text, "one of the variants of `", name, "`"),
        body => describe(text, body, depth - 1),
    }
}

const fn variants(text: &mut ShapeText, one_of: &EnumShape) {
    if matches!(one_of.repr, Repr::Untagged) {
        return text.push("one of several shapes");
    }
    text.push("one of ");
    let mut at = 0;
    while at < one_of.variants.len() {
        if at > 0 {
            text.push(", ");
        }
        if at == VARIANTS {
            text.push("…");
            break;
        }
        phrase(text, "`", variant_name(&one_of.variants[at]), "`");
        at += 1;
    }
}

/// The wire name, or the Rust name of a variant that is never written or read.
const fn variant_name(variant: &Variant) -> &'static str {
    match (variant.ser, variant.de) {
        (Some(name), _) | (None, Some(name)) => name,
        (None, None) => variant.rust,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    #[test]
    fn names_read_as_prose() {
        assert_eq!(shape_text(u8::SHAPE).as_str(), "integer (0..=255)");
        assert_eq!(shape_text(<Vec<Option<String>>>::SHAPE).as_str(), "array of string or null");
        assert_eq!(shape_text(<(bool, f64)>::SHAPE).as_str(), "[boolean, number (f64)]");
        assert_eq!(shape_text(<Option<f32>>::SHAPE).as_str(), "number (f32) or null");
        assert_eq!(shape_text(serde_json::Number::SHAPE).as_str(), "number");
        assert_eq!(shape_text(<std::collections::BTreeMap<String, char>>::SHAPE).as_str(), "map of a single character");
    }
}
