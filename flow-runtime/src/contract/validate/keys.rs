//! Keys of objects that are read as maps.

use serde_json::Value;

use super::scalars::scalar_reads;
use super::variants::reader;
use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Repr, Shape};

/// Whether an object key can be read as a shape: it is the text of a value.
pub(super) fn key_reads(shape: &'static Shape, key: &str) -> bool {
    match opened(shape, Direction::Read) {
        Shape::Int { min, max } => integer_key(key).is_some_and(|n| (*min..=*max).contains(&n)),
        Shape::Number | Shape::Float { .. } => key.parse::<f64>().is_ok(),
        Shape::Bool => matches!(key, "true" | "false"),
        Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
            variants.iter().filter_map(|variant| variant.shape).any(|shape| key_reads(shape, key))
        }
        Shape::Enum(one_of) => reader(one_of, key).is_some_and(|variant| variant.shape.is_none()),
        shape => scalar_reads(shape, &Value::String(key.to_owned())),
    }
}

/// An integer in JSON notation: `01` and `+1` are not valid.
fn integer_key(key: &str) -> Option<i128> {
    key.parse().ok().filter(|n: &i128| n.to_string() == key)
}
