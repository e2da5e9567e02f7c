//! How an answer ended, in terms shared by all dialects.

use serde_json::Value;

use crate::prompt::Content;
use crate::provider::{Failure, FailureKind};

/// Why the content of a reply is not a complete answer: the kind, and a message.
pub(in crate::provider) type Ended = (FailureKind, String);

/// The answer hit its token limit.
pub(in crate::provider) fn cut() -> Ended {
    (FailureKind::Length, "the answer was cut at the token limit".to_owned())
}

/// The answer was cut because it filled the context together with the prompt.
pub(in crate::provider) fn context_full() -> Ended {
    (FailureKind::Length, "the answer was cut at the end of the model's context".to_owned())
}

/// An unknown finish reason. The answer may be incomplete, so it is not accepted.
pub(in crate::provider) fn unknown(reason: &str) -> Ended {
    (FailureKind::Transport, format!("the answer ended with the unknown reason `{}`", super::line(reason)))
}

/// A null finish reason marks an answer in progress, as within a stream. Servers that never give a reason omit the field
/// instead.
pub(in crate::provider) fn unended(reason: &Value) -> Option<Ended> {
    let text = "the endpoint sent an answer that has not ended: its finish reason is null";
    reason.is_null().then(|| (FailureKind::Transport, text.to_owned()))
}

/// Accepts a complete answer, or fails if it was cut or withheld; a cut answer is kept in the failure. An answer with neither
/// text nor tool calls is a retryable failure in every dialect, whether the text is empty, blank, null or missing.
pub(in crate::provider) fn complete(content: Content, ended: Option<Ended>) -> Result<Content, Failure> {
    let is_empty = || content.tool_calls().next().is_none() && content.text().trim().is_empty();
    let nothing = || (FailureKind::Empty, "the model ended its answer without writing anything".to_owned());
    match ended.or_else(|| is_empty().then(nothing)) {
        None => Ok(content),
        Some((kind, message)) => {
            let written = Some(content.text()).filter(|text| kind == FailureKind::Length && !text.is_empty());
            Err(Failure { written: written.map(Into::into), ..Failure::new(kind, message) })
        }
    }
}
