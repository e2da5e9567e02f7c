//! The contract lock: what a workflow promises, as a text file that people read and diff.
//!
//! It is written while a program runs and read while one compiles, so both sides use this crate. The text is canonical: equal
//! promises give equal text, sorted by name, one fact a line.

mod shape;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use shape::{Field, Form, Object, OneOf, Shape, Variant};

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// The promises of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// [`FORMAT`].
    pub format: u32,
    /// The workflow's id.
    pub workflow: String,
    /// The workflow's version.
    pub version: u32,
    /// The arguments, by name.
    pub input: BTreeMap<String, Shape>,
    /// The output.
    pub output: Shape,
    /// Limits, which change what the workflow does but are not promises.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub behaviour: BTreeMap<String, String>,
    /// The steps with recorded results, by place, such as `map[]/summarise`.
    pub steps: BTreeMap<String, Step>,
    /// The types that the shapes refer to, by name.
    pub types: BTreeMap<String, Shape>,
}

/// A step at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The arguments, by name.
    pub input: BTreeMap<String, Shape>,
    /// The output.
    pub output: Shape,
    /// The sources of each argument, as far as they are known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub from: BTreeMap<String, Vec<String>>,
    /// What changes the step's behaviour but is not a promise: kind, models, prompt, gates, attempts.
    pub behaviour: BTreeMap<String, String>,
}

/// Why a lock cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// The lock has another format.
    Format(u32),
    /// The text is not JSON, or not a lock.
    Invalid(serde_json::Error),
    /// A shape refers to a type that the lock does not define.
    Unknown(String),
}

impl Lock {
    /// Reads a lock.
    ///
    /// ```
    /// use flow_base::lock::Lock;
    ///
    /// let text = r#"{
    ///   "format": 1, "workflow": "greet", "version": 1,
    ///   "input": { "name": "string" }, "output": "optional integer 0..=255", "steps": {}, "types": {}
    /// }"#;
    /// let lock = Lock::read(text).unwrap();
    /// assert_eq!(Lock::read(&lock.to_text()).unwrap(), lock);
    /// assert_eq!(Lock::read("{").unwrap_err().to_string(), "EOF while parsing an object at line 1 column 1");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns what is wrong; for invalid JSON, with line and column.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        /// Only the format: the rest may look different in another format.
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let head: Head = serde_json::from_str(text).map_err(ReadError::Invalid)?;
        if head.format != FORMAT {
            return Err(ReadError::Format(head.format));
        }
        let lock: Self = serde_json::from_str(text).map_err(ReadError::Invalid)?;
        let unknown = lock.shapes().find_map(|shape| shape.names().find(|name| !lock.types.contains_key(*name)));
        match unknown {
            Some(name) => Err(ReadError::Unknown(name.to_owned())),
            None => Ok(lock),
        }
    }

    /// Returns the canonical text.
    ///
    /// # Panics
    ///
    /// Never: all keys are strings.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("all keys are strings");
        text + "\n"
    }

    /// All shapes, types included.
    fn shapes(&self) -> impl Iterator<Item = &Shape> {
        let steps = self.steps.values().flat_map(|step| step.input.values().chain([&step.output]));
        self.input.values().chain([&self.output]).chain(steps).chain(self.types.values())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(found) => write!(f, "expected format {FORMAT}, found {found}"),
            Self::Invalid(error) => error.fmt(f),
            Self::Unknown(name) => write!(f, "type `{name}` is not defined in `types`"),
        }
    }
}

impl std::error::Error for ReadError {}
