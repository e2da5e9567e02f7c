//! Assertions for the tests of contracts.

mod normal;

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde_json::Value;

use super::{Contract, Direction, Shape, render, schema};

/// Asserts that the contract's constant shape and its published schema say the same, in both directions.
///
/// They may differ when a type's `JsonSchema` is written by hand.
///
/// # Panics
///
/// Panics with every place where the two differ.
#[track_caller]
pub fn assert_contract<T: Contract + JsonSchema + ?Sized>() {
    let mut text = String::new();
    for direction in [Direction::Write, Direction::Read] {
        for difference in differences::<T>(direction) {
            let _ = writeln!(text, "  {difference}");
        }
    }
    assert!(text.is_empty(), "the contract of `{}` is not what its schema says:\n{text}", T::schema_name());
}

/// Every place where the constant shape and the published schema differ in one direction.
pub fn differences<T: Contract + JsonSchema + ?Sized>(direction: Direction) -> Vec<String> {
    disagreements(T::SHAPE, &schema::<T>(direction), direction)
}

/// Every place where a shape and a published schema differ in one direction.
pub fn disagreements(shape: &'static Shape, schema: &Value, direction: Direction) -> Vec<String> {
    let ours = normal::normal(&render(shape, direction));
    let published = normal::normal(schema);
    let mut found = Vec::new();
    differ(&format!("{direction:?}"), &ours, &published, &mut found);
    found
}

fn differ(path: &str, ours: &Value, published: &Value, found: &mut Vec<String>) {
    match (ours, published) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, value) in a {
                differ(&format!("{path}/{key}"), value, &b[key], found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (x, y)) in a.iter().zip(b).enumerate() {
                differ(&format!("{path}/{index}"), x, y, found);
            }
        }
        _ if ours == published => {}
        _ => found.push(format!("{path}: the contract is {ours}, the schema {published}")),
    }
}
