//! What can be attempted, and the result of one attempt.

use std::time::Duration;

use serde_json::Value;

use super::here::Here;
use crate::error::Result;
use crate::prompt::{Content, Prompt};
use crate::provider::{BoxFuture, Request, Usage};
use crate::run::Attempt;

/// An action that can be attempted.
pub(super) trait Try<T>: Send {
    /// Returns the prompt and schema sent to a model.
    fn asks(&self) -> Option<Question> {
        None
    }

    /// Returns the number of the turn, in a conversation with tools.
    fn turn(&self) -> Option<u32> {
        None
    }

    /// Returns the output of a body, to be recorded.
    fn gives(&self) -> Option<Value> {
        None
    }

    /// Returns the request to a model, if this asks one.
    fn request(&self) -> Option<&Request> {
        None
    }

    /// Returns the host and port of the model's server.
    fn server(&self) -> Option<(String, u16)> {
        None
    }

    /// Replays a recorded attempt; `None` if its record is not sufficient, and the attempt has to be made again.
    fn again(&mut self, recorded: &Attempt) -> Option<Result<T>>;

    fn once<'s>(&'s mut self, here: &'s Here<'_>) -> BoxFuture<'s, Tried<T>>;
}

/// A question to a model, as it is recorded.
#[derive(Default)]
pub(super) struct Question {
    pub(super) prompt: Option<Prompt>,
    pub(super) schema: Option<Value>,
}

impl Question {
    /// The question of a turn. Later turns are recorded without what was said before: the records have it already.
    pub(super) fn of(turn: Option<u32>, prompt: &Prompt, schema: Option<Value>) -> Self {
        let is_first = turn.is_none_or(|turn| turn == 1);
        Self { prompt: is_first.then(|| prompt.clone()), schema: schema.filter(|_| is_first) }
    }
}

/// The result of one attempt.
pub(super) struct Tried<T> {
    pub(super) outcome: Result<T>,
    /// The delay requested by the provider.
    pub(super) retry_after: Option<Duration>,
    pub(super) usage: Usage,
    /// The model's reply.
    pub(super) reply: Option<Content>,
    /// Other details from the endpoint.
    pub(super) told: Told,
}

/// Details from the endpoint besides the answer's text, for spans.
#[derive(Debug, Default)]
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans read it"))]
pub(super) struct Told {
    pub(super) model: Option<String>,
    pub(super) id: Option<String>,
    pub(super) finish_reason: Option<String>,
}

impl<T> Tried<T> {
    pub(super) fn plain(outcome: Result<T>) -> Self {
        Self { outcome, retry_after: None, usage: Usage::default(), reply: None, told: Told::default() }
    }
}
