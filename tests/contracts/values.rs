//! Values as serde would write them for a shape.

use flow::contract::Shape;
use flow::serde_json::Value;

use super::random::Random;
use super::typed;

/// A random value that the shape writes.
pub(super) fn written(random: &mut Random, shape: &'static Shape) -> Value {
    typed::written(shape, &typed::any(random, shape))
}
