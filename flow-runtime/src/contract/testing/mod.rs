//! Assertions for the tests of contracts.

mod normal;

use std::collections::HashSet;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde_json::{Map, Value};

use self::normal::{Meanings, Node};
use super::{Contract, Direction, Shape, render, schema};

/// How many levels of parts a difference shows.
const SHOWN: usize = 2;

/// Asserts that the contract's constant shape and its published schema agree, in both directions.
///
/// They may differ if a type's `JsonSchema` is written by hand.
///
/// # Panics
///
/// Panics if they differ, and lists every difference.
#[track_caller]
pub fn assert_contract<T: Contract + JsonSchema + ?Sized>() {
    let mut text = String::new();
    for direction in [Direction::Write, Direction::Read] {
        for difference in differences::<T>(direction) {
            let _ = writeln!(text, "  {difference}");
        }
    }
    assert!(text.is_empty(), "the contract of `{}` does not match its schema:\n{text}", T::schema_name());
}

/// Returns every place where the constant shape and the published schema differ in one direction.
pub fn differences<T: Contract + JsonSchema + ?Sized>(direction: Direction) -> Vec<String> {
    disagreements(T::SHAPE, &schema::<T>(direction), direction)
}

/// Returns every place where a shape and a published schema differ in one direction.
pub fn disagreements(shape: &'static Shape, schema: &Value, direction: Direction) -> Vec<String> {
    let ours = render(shape, direction);
    let (ours, published) = (Node::root(&ours), Node::root(schema));
    let mut comparison =
        Comparison { meanings: Meanings::of(&[ours, published]), met: HashSet::new(), found: Vec::new() };
    comparison.nodes(&format!("{direction:?}"), ours, published);
    comparison.found
}

struct Comparison<'s> {
    meanings: Meanings<'s>,
    /// Pairs of meanings already compared, so that recursion ends.
    met: HashSet<(String, String)>,
    found: Vec<String>,
}

impl<'s> Comparison<'s> {
    fn nodes(&mut self, path: &str, ours: Node<'s>, published: Node<'s>) {
        let (ours, published) = (self.meanings.normal(ours), self.meanings.normal(published));
        self.differ(path, &ours, &published);
    }

    fn differ(&mut self, path: &str, ours: &Value, published: &Value) {
        if ours == published {
            return;
        }
        if let (Some(a), Some(b)) = (self.meanings.find(ours), self.meanings.find(published)) {
            if self.met.insert((ours.to_string(), published.to_string())) {
                self.nodes(path, a, b);
            }
            return;
        }
        match (ours, published) {
            (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
                for (key, value) in a {
                    self.differ(&format!("{path}/{key}"), value, &b[key]);
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (index, (x, y)) in a.iter().zip(b).enumerate() {
                    self.differ(&format!("{path}/{index}"), x, y);
                }
            }
            _ => {
                let (ours, published) = (self.shown(ours, SHOWN), self.shown(published, SHOWN));
                self.found.push(format!("{path}: the contract is {ours}, the schema is {published}"));
            }
        }
    }

    /// The value with its parts expanded to a readable depth.
    fn shown(&self, value: &Value, depth: usize) -> Value {
        if let Some(node) = self.meanings.find(value) {
            return if depth == 0 { "…".into() } else { self.shown(&self.meanings.normal(node), depth - 1) };
        }
        match value {
            Value::Object(parts) => {
                parts.iter().map(|(key, part)| (key.clone(), self.shown(part, depth))).collect::<Map<_, _>>().into()
            }
            Value::Array(items) => items.iter().map(|item| self.shown(item, depth)).collect(),
            value => value.clone(),
        }
    }
}
