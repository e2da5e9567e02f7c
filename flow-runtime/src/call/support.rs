//! Small functions that generated code calls.

use serde_json::Value;

use super::Judgement;
use crate::error::{Error, Result};
use crate::gate::Verdict;
use crate::graph::{Effect, Kind, Meta, MetaPtr};
use crate::prompt::{Prompt, Template};
use crate::run::NodeId;

/// The parts of a result type, whatever alias it was written with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no result: write `-> Result<{Self}>`",
    label = "no result",
    note = "a step or a workflow returns a `Result`, or another name of one",
    note = "see flow::errors::signature"
)]
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
    /// Which gates that are steps are asked.
    asks: Asks,
    /// Gates that only the run can ask.
    left: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    All,
    /// Code without effects: asked once more by the run, it does no harm.
    Code,
    None,
}

impl Asks {
    fn include(self, step: &'static Meta) -> bool {
        match self {
            Self::All => true,
            Self::Code => step.kind == Kind::Code && step.policy.effect == Effect::None,
            Self::None => false,
        }
    }
}

impl Judgements {
    /// The gates of a step, before the first one.
    pub fn of(step: MetaPtr) -> Self {
        Self { step, reached: 0, said: Vec::new(), asks: Asks::All, left: Vec::new() }
    }

    /// The same away from the run that waits: functions are asked, and code steps where `asks_code`.
    pub(super) fn outside(step: MetaPtr, asks_code: bool) -> Self {
        let asks = if asks_code { Asks::Code } else { Asks::None };
        Self { asks, ..Self::of(step) }
    }

    pub(super) fn step(&self) -> MetaPtr {
        self.step
    }

    /// The next gate: where it stands if it is a step. The gates come in the order of the step's policy.
    pub(super) fn next(&mut self) -> Option<NodeId> {
        self.reached += 1;
        self.step.get().policy.gate_node(self.reached - 1)
    }

    /// Whether the next gate is asked: a function always, a step only while nothing was rejected.
    pub(super) fn asks(&self, step: Option<MetaPtr>) -> bool {
        let is_accepted = || self.said.iter().all(|said| said.verdict.is_accepted());
        step.is_none_or(|step| self.asks.include(step.get()) && is_accepted())
    }

    /// Adds what a gate has said. A step that could not judge away from the run is left to the run.
    pub(super) fn add(&mut self, gate: &'static str, verdict: Result<Verdict>) -> Result<()> {
        match verdict {
            Ok(verdict) => self.said.push(Judgement { gate, verdict }),
            Err(_) if self.asks != Asks::All => self.leave(gate),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// A gate that was not asked.
    pub(super) fn leave(&mut self, gate: &'static str) {
        self.left.push(gate);
    }

    /// A gate that is given what only the run has.
    pub fn pass(&mut self, gate: &'static str) {
        self.reached += 1;
        self.leave(gate);
    }

    /// The gates that were not asked.
    pub(crate) fn left(&self) -> &[&'static str] {
        &self.left
    }

    /// All that was said.
    pub fn into_all(self) -> Vec<Judgement> {
        self.said
    }
}
