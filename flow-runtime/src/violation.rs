//! A single violation of a contract.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A part of a JSON value that violates a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Violation {
    /// The location as a JSON Pointer (RFC 6901): `/skills/0`, or empty for the complete value.
    pub pointer: String,
    /// What the contract expects.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// Maximum length of a string in a message, in characters.
const SHOWN: usize = 40;

impl Violation {
    /// Creates a violation at a path of names and indices.
    pub fn new(path: &[String], expected: &str, found: &str) -> Self {
        let pointer = path.iter().map(|name| format!("/{}", escape(name))).collect();
        Self { pointer, expected: expected.to_owned(), found: found.to_owned() }
    }

    /// Returns `{"pointer", "expected", "found"}`.
    pub fn to_json(&self) -> Value {
        json!({ "pointer": self.pointer, "expected": self.expected, "found": self.found })
    }

    /// A complete value of the wrong kind.
    pub(crate) fn of(expected: &str, found: &Value) -> Self {
        Self::new(&[], expected, &describe(found))
    }

    /// Returns the violation as seen from an object that contains the value under `name`.
    #[must_use]
    pub fn under(self, name: &str) -> Self {
        Self { pointer: format!("/{}{}", escape(name), self.pointer), ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "at `{}`: ", self.pointer)?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

/// RFC 6901, section 3.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Describes a value in a few words.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("boolean {value}"),
        Value::Number(number) => format!("number {number}"),
        Value::String(text) if text.chars().count() > SHOWN => {
            format!("string {:?}…", text.chars().take(SHOWN).collect::<String>())
        }
        Value::String(text) => format!("string {text:?}"),
        Value::Array(items) => format!("array of {}", items.len()),
        Value::Object(_) => "object".to_owned(),
    }
}
