//! An answer as far as it has arrived.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::schemas::Sent;
use crate::provider::read_partial;

/// An answer in progress, collected from its pieces.
pub(super) struct Answer {
    attempt: u32,
    turn: Option<u32>,
    text: String,
    form: Arc<Sent>,
}

impl Answer {
    pub(super) fn new(attempt: u32, turn: Option<u32>, form: Arc<Sent>) -> Self {
        Self { attempt, turn, text: String::new(), form }
    }

    pub(super) fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Its attempt and turn.
    pub(super) fn turn(&self) -> (u32, Option<u32>) {
        (self.attempt, self.turn)
    }

    pub(super) fn so_far(&self) -> SoFar {
        let Self { attempt, turn, text, form } = self;
        SoFar { attempt: *attempt, turn: *turn, text: text.clone(), form: form.clone() }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("attempt", &self.attempt).field("turn", &self.turn).finish_non_exhaustive()
    }
}

/// A model's answer as far as it has arrived, from [`Handle::so_far`](super::Handle::so_far).
#[derive(Clone)]
pub struct SoFar {
    attempt: u32,
    turn: Option<u32>,
    text: String,
    form: Arc<Sent>,
}

impl SoFar {
    /// Returns the attempt that it belongs to, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns its turn in a conversation with tools, from 1.
    pub fn turn(&self) -> Option<u32> {
        self.turn
    }

    /// Returns the text as the model writes it, from its start; never empty.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the JSON as far as it has arrived, in the form of the step's contract. `None` if the step returns free text, or
    /// before the JSON begins.
    ///
    /// The value is completed as [`read_partial`] describes, and not validated: fields may be missing, and texts cut. It may still
    /// be rejected. A map or choice that the endpoint writes in another form than the contract takes the contract's form once it is
    /// complete.
    pub fn json(&self) -> Option<Value> {
        let (lowered, _) = self.form.answer.as_ref()?;
        lowered.raise_partial(read_partial(&self.text)?)
    }
}

impl fmt::Debug for SoFar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SoFar");
        shown.field("attempt", &self.attempt).field("turn", &self.turn).field("text", &self.text);
        shown.finish_non_exhaustive()
    }
}
