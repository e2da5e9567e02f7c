//! Small functions that generated code calls.

use serde_json::Value;

use super::Judgement;
use crate::error::{BoxError, Error, Result, Retryable};
use crate::gate::Verdict;
use crate::graph::MetaPtr;
use crate::prompt::{Prompt, Template};

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

/// Asks an error whether it is retryable. For types that know, the method is the inherent one.
#[derive(Debug)]
pub struct RetryProbe<'a, E>(pub &'a E);

impl<E: Retryable> RetryProbe<'_, E> {
    /// What the error says.
    pub fn retryable(&self) -> bool {
        self.0.is_retryable()
    }
}

/// The answer for errors that do not know.
pub trait NotRetryable {
    /// Terminal.
    fn retryable(&self) -> bool {
        false
    }
}

impl<E> NotRetryable for RetryProbe<'_, E> {}

/// A step's own error as ours.
pub fn erase(error: impl Into<BoxError>, retryable: bool) -> Error {
    Error::erase(error, retryable)
}

/// A value that a step may need more than once.
#[diagnostic::on_unimplemented(
    message = "the step may run more than once, so its arguments by value are cloned, but `{Self}` is not `Clone`",
    label = "not `Clone`",
    note = "take the argument by reference, derive `Clone`, or leave out what repeats the step: `retry`, `fallback`, a gate with arguments"
)]
pub trait Repeat: Sized {
    /// A copy.
    fn copy(&self) -> Self;
}

impl<T: Clone> Repeat for T {
    fn copy(&self) -> Self {
        self.clone()
    }
}

/// A copy of an argument.
pub fn repeat<T: Repeat>(value: &T) -> T {
    value.copy()
}

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
#[derive(Debug, Default)]
pub struct Judgements(Vec<Judgement>);

impl Judgements {
    /// Whether the next gate is asked: a function always, a step only while nothing was rejected.
    pub fn asks(&self, step: Option<MetaPtr>) -> bool {
        step.is_none() || self.0.iter().all(|said| said.verdict.is_accepted())
    }

    /// Adds a verdict.
    pub fn add(&mut self, gate: &'static str, verdict: Verdict) {
        self.0.push(Judgement { gate, verdict });
    }

    /// All that was said.
    pub fn into_all(self) -> Vec<Judgement> {
        self.0
    }
}
