//! Streams that a server refuses: their options, or all of them. A refusal is remembered for its model.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::provider::{Failure, FailureKind, Model};

/// How an answer is requested, from the most that a server may accept to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// As a stream that reports its tokens.
    Counted,
    /// As a stream, without options.
    Plain,
    /// At once.
    Whole,
}

/// Substrings of messages that refuse a form, and the form to use instead.
///
/// Options are refused by older versions of Azure and vLLM: <https://github.com/Pythagora-io/gpt-pilot/issues/1022>,
/// <https://github.com/modelscope/ms-agent/issues/489>. OpenAI streams some models only to organizations that have verified
/// themselves, and answers others at once: <https://github.com/charmbracelet/crush/issues/1216>.
const REFUSALS: &[(&str, Form)] = &[("stream_options", Form::Plain), ("must be verified to stream", Form::Whole)];

/// The forms known to be accepted, by model.
#[derive(Debug, Default)]
pub(super) struct Accepted(Mutex<HashMap<String, Form>>);

impl Accepted {
    /// The form for a model; `usual` unless it was refused.
    pub(super) fn form(&self, model: &Model, usual: Form) -> Form {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(model.api_name()).copied().unwrap_or(usual)
    }

    pub(super) fn remember(&self, model: &Model, form: Form) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(model.api_name().to_owned(), form);
    }
}

impl Form {
    /// Puts the parameters of the form into a body, instead of those of another.
    pub(super) fn put(self, body: &mut Value) {
        let Value::Object(body) = body else { return };
        if self == Self::Whole {
            body.shift_remove("stream");
        } else {
            body.insert("stream".to_owned(), true.into());
        }
        match (self, body.get_mut("stream_options")) {
            (Self::Counted, Some(Value::Object(options))) => {
                drop(options.insert("include_usage".to_owned(), true.into()))
            }
            (Self::Counted, _) => drop(body.insert("stream_options".to_owned(), json!({"include_usage": true}))),
            (Self::Plain | Self::Whole, _) => drop(body.shift_remove("stream_options")),
        }
    }

    /// The form to use after a failure, if the failure refuses this one.
    pub(super) fn instead(self, failure: &Failure) -> Option<Self> {
        let message = failure.message.to_lowercase();
        let is_refusal = failure.kind == FailureKind::InvalidRequest;
        let refused = REFUSALS.iter().filter(|(words, _)| is_refusal && message.contains(words));
        refused.map(|(_, form)| *form).find(|form| *form > self)
    }
}
