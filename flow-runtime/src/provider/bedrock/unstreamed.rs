//! Models that refuse to stream, or to stream with tools. A refusal is remembered.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::provider::{Failure, FailureKind, Request};

/// Substrings of messages that refuse a stream. Llama refuses it with tools: <https://github.com/earendil-works/pi/issues/3739>;
/// other models refused it altogether: <https://github.com/danny-avila/LibreChat/issues/8877>.
const REFUSALS: &[&str] = &["unsupported for streaming", "in streaming mode"];

/// The models that are asked for whole answers, and whether they are asked so only with tools.
#[derive(Debug, Default)]
pub(super) struct Unstreamed(Mutex<HashSet<(String, bool)>>);

impl Unstreamed {
    /// Whether a stream for such a request was refused before.
    pub(super) fn contains(&self, request: &Request) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&kind(request))
    }

    pub(super) fn remember(&self, request: &Request) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind(request));
    }
}

/// Requests with the same kind are refused alike.
fn kind(request: &Request) -> (String, bool) {
    let has_tools = !request.tools.is_empty() || request.has_calls();
    (request.model.api_name().to_owned(), has_tools)
}

/// Whether a failure refuses the stream and not the request.
pub(super) fn is_refusal(failure: &Failure) -> bool {
    let message = failure.message.to_lowercase();
    failure.kind == FailureKind::InvalidRequest && REFUSALS.iter().any(|words| message.contains(words))
}
