// A custom serde function hides the wire shape.
// says: `#[serde(with = …)]` hides the wire shape
// says: add `#[contract(as = Type)]`

use flow::prelude::*;

#[contract]
pub struct Reading { #[serde(with = "celsius")] pub degrees: f64 }
mod celsius {
    use flow::serde::{Deserialize, Deserializer, Serializer};
    pub fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> { to.serialize_f64(*value) }
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> { f64::deserialize(from) }
}

fn main() {}
