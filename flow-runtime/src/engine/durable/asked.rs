//! A step that waits, and the answers that it takes.

use serde_json::{Value, json};

use crate::call::{broken_answer, received_answer};
use crate::contract::{self, in_records, too_deep};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meta, MetaPtr};
use crate::media::Data;
use crate::place::Place;
use crate::run::{RunState, Wait, WaitsFor};

/// A step that waits, and what it was asked.
pub(super) struct Asked {
    /// Its current place, which may differ from the one recorded in its wait.
    pub(super) place: Place,
    pub(super) wait: Wait,
    /// As recorded, or as written for a run without a journal.
    pub(super) input: Value,
    /// The attachments of the run, which its input may refer to.
    pub(super) _media: Vec<Data>,
    pub(super) meta: &'static Meta,
}

impl Asked {
    pub(super) fn accepted(&self) -> Result<Value> {
        if self.meta.gives_verdict() {
            return self.checked(json!({ "reasons": [] }));
        }
        // As on an edge, the argument may have fields that the review does not read.
        let review = |value: &Value| {
            let answer = json!({ "decision": "accept", "value": value });
            let output = &self.meta.output;
            let schema = || (output.schema)(contract::Direction::Read);
            let found = in_records(|| contract::violations(output.shape, schema, &answer));
            (self.expects_answer() && found.is_empty() && too_deep(&answer).is_none()).then_some(answer)
        };
        let mut shown = self.meta.arguments.iter().filter_map(|argument| self.input.get(argument.name));
        shown.find_map(review).ok_or_else(|| {
            let text = format!(
                "step `{}` has no argument that its review can accept; pass the complete answer",
                self.wait.step
            );
            Error::new(ErrorKind::Setup, text)
        })
    }

    pub(super) fn edited(&self, value: Value) -> Result<Value> {
        if self.meta.gives_verdict() {
            let text = format!("step `{}` asks for a verdict: accept, or reject with a reason", self.wait.step);
            return Err(Error::new(ErrorKind::Setup, text));
        }
        self.checked(json!({ "decision": "edit", "value": value }))
    }

    pub(super) fn rejected(&self, reason: String) -> Result<Value> {
        if self.meta.gives_verdict() {
            return self.checked(json!({ "reasons": [reason] }));
        }
        self.checked(json!({ "decision": "reject", "value": { "reason": reason } }))
    }

    pub(super) fn did_not_happen(&self) -> Result<Value> {
        self.outcome(json!({ "happened": false }))
    }

    pub(super) fn happened(&self, output: Value) -> Result<Value> {
        let output = given(self.meta, output)?;
        self.outcome(json!({ "happened": true, "output": output }))
    }

    fn outcome(&self, answer: Value) -> Result<Value> {
        match self.wait.waits_for {
            WaitsFor::Outcome => Ok(answer),
            _ => Err(self.asks_otherwise()),
        }
    }

    pub(super) fn checked(&self, answer: Value) -> Result<Value> {
        match self.expects_answer() {
            true => given(self.meta, answer),
            false => Err(self.asks_otherwise()),
        }
    }

    fn expects_answer(&self) -> bool {
        matches!(self.wait.waits_for, WaitsFor::Person | WaitsFor::Signal)
    }

    fn asks_otherwise(&self) -> Error {
        Error::new(ErrorKind::Setup, format!("step `{}` waits {}", self.wait.step, self.wait.waits_for.told()))
    }
}

/// Finds the open wait recorded at a place, or else the one whose step is there now. Returns the step's current place,
/// the wait, and the step's input.
pub(super) fn waiting(state: &RunState, place: &str) -> Option<(Place, Wait, Value)> {
    let recorded = state.open().find(|(_, wait)| wait.place.as_str() == place);
    let (at, wait) = recorded.or_else(|| state.open().find(|(at, _)| at.as_str() == place))?;
    let step = state.at(at).filter(|step| step.answer.is_none())?;
    let input = step.began.as_ref().map_or(Value::Null, |(input, _)| input.clone());
    Some((at.clone(), wait.clone(), input))
}

/// Checks a value from outside against the step's output contract.
pub(super) fn given(meta: &'static Meta, answer: Value) -> Result<Value> {
    received_answer(&meta.output, answer.clone())
        .map_err(|violations| broken_answer(MetaPtr::new(meta), violations, answer))
}
