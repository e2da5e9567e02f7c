//! Small functions that generated code calls.

use serde_json::Value;

use super::Judgement;
use crate::error::{Error, Result};
use crate::gate::Verdict;
use crate::graph::MetaPtr;
use crate::prompt::{Prompt, Template};
use crate::run::NodeId;

/// The parts of a result type, whatever alias it was written with.
pub trait Outcome {
    /// The value.
    type Ok;
    /// The error.
    type Err;
}

impl<T, E> Outcome for std::result::Result<T, E> {
    type Ok = T;
    type Err = E;
}

/// The error of a result type.
pub type ErrOf<R> = <R as Outcome>::Err;

/// A JSON object of named values.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A step's prompt, from its templates and its arguments by name.
///
/// # Errors
///
/// What only shows with the values: a division by zero, a loop without end.
pub fn render(template: &Template, arguments: &Value) -> Result<Prompt> {
    let values = arguments.as_object().into_iter().flatten();
    let rendered = template.render(values.map(|(name, value)| (name.as_str(), value.clone())));
    rendered.map_err(|error| Error::terminal(error.to_string()).with_source(error))
}

/// A prompt with the system message that the step has beside it.
pub fn with_system(prompt: Prompt, system: Option<&str>) -> Prompt {
    match system {
        Some(system) => prompt.system(system),
        None => prompt,
    }
}

/// What the gates of a step have said.
#[derive(Debug)]
pub struct Judgements {
    step: MetaPtr,
    /// The gates that were reached, asked or not.
    reached: usize,
    said: Vec<Judgement>,
}

impl Judgements {
    /// The gates of a step, before the first one.
    pub fn of(step: MetaPtr) -> Self {
        Self { step, reached: 0, said: Vec::new() }
    }

    /// The next gate: where it stands if it is a step. The gates come in the order of the step's policy.
    pub(super) fn next(&mut self) -> Option<NodeId> {
        self.reached += 1;
        self.step.get().policy.gate_node(self.reached - 1)
    }

    /// Whether the next gate is asked: a function always, a step only while nothing was rejected.
    pub fn asks(&self, step: Option<MetaPtr>) -> bool {
        step.is_none() || self.said.iter().all(|said| said.verdict.is_accepted())
    }

    /// Adds a verdict.
    pub fn add(&mut self, gate: &'static str, verdict: Verdict) {
        self.said.push(Judgement { gate, verdict });
    }

    /// All that was said.
    pub fn into_all(self) -> Vec<Judgement> {
        self.said
    }
}
