//! Contracts of JSON values.

use serde_json::{Map, Number, Value};

use crate::contract::{Contract, Shape};

impl Contract for Value {
    const SHAPE: &'static Shape = &Shape::Any;
}

impl Contract for Map<String, Value> {
    const SHAPE: &'static Shape = &Shape::Map { key: String::SHAPE, value: Value::SHAPE };
}

impl Contract for Number {
    const SHAPE: &'static Shape = &Shape::Number;
}
