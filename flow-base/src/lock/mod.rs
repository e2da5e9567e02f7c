//! The text of a contract lock: what a workflow has promised, as a file that people read and compare.
//!
//! It is written while a program runs and read while one compiles, so both stand on this crate. The text is canonical: the same promises give
//! the same text, in the order of names, with one fact on a line.

mod shape;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use shape::{Field, Form, Object, OneOf, Shape, Variant};

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// What a workflow has promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// [`FORMAT`].
    pub format: u32,
    /// The id of the workflow.
    pub workflow: String,
    /// Its version.
    pub version: u32,
    /// The arguments by name.
    pub input: BTreeMap<String, Shape>,
    /// What it returns.
    pub output: Shape,
    /// Whatever changes what it does, but nothing that is promised: limits.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub behaviour: BTreeMap<String, String>,
    /// The steps whose results are recorded, by their places: `map[]/summarise`.
    pub steps: BTreeMap<String, Step>,
    /// The types that the shapes name.
    pub types: BTreeMap<String, Shape>,
}

/// A step at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The arguments by name.
    pub input: BTreeMap<String, Shape>,
    /// What it returns.
    pub output: Shape,
    /// Where each argument comes from, as far as it is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub from: BTreeMap<String, Vec<String>>,
    /// Whatever changes what it does, but nothing that is promised: who does the work, models, prompt, gates, attempts.
    pub behaviour: BTreeMap<String, String>,
}

/// Why a text is no lock.
#[derive(Debug)]
pub enum ReadError {
    /// It is of another format.
    Format(u32),
    /// It is no JSON, or not that of a lock.
    Invalid(serde_json::Error),
    /// A shape names a type that is not among the types.
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
    /// What is wrong, with line and column.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        /// The format alone, since the rest may look different in another.
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

    /// The canonical text.
    ///
    /// # Panics
    ///
    /// Never: all keys are strings.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("all keys are strings");
        text + "\n"
    }

    /// Every shape that is written down, types included.
    fn shapes(&self) -> impl Iterator<Item = &Shape> {
        let steps = self.steps.values().flat_map(|step| step.input.values().chain([&step.output]));
        self.input.values().chain([&self.output]).chain(steps).chain(self.types.values())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(found) => write!(f, "it has the format {found}, expected {FORMAT}"),
            Self::Invalid(error) => error.fmt(f),
            Self::Unknown(name) => write!(f, "it names the type `{name}`, which is not among its `types`"),
        }
    }
}

impl std::error::Error for ReadError {}
