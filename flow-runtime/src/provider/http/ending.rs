//! How an answer ended, in terms that all dialects share.

use serde_json::Value;

use crate::provider::{Failure, FailureKind};

/// Why the text of a reply is not the answer: the kind, and a line for a person.
pub(in crate::provider) type Ended = (FailureKind, String);

/// An answer that was cut at its token limit.
pub(in crate::provider) fn cut() -> Ended {
    (FailureKind::Length, "the answer was cut at the token limit".to_owned())
}

/// An answer that was cut because prompt and answer together fill the context.
pub(in crate::provider) fn context_full() -> Ended {
    (FailureKind::Length, "the answer was cut at the end of the model's context".to_owned())
}

/// An answer that ended in a way that no table knows. It may be half an answer, so it is not taken for a whole one.
pub(in crate::provider) fn unknown(reason: &str) -> Ended {
    (FailureKind::Transport, format!("the answer ended with the unknown reason `{}`", super::line(reason)))
}

/// An answer of which the endpoint says that it has not ended, as it does within a stream: its reason is null. Servers that never give
/// a reason leave it out.
pub(in crate::provider) fn unended(reason: &Value) -> Option<Ended> {
    let text = "the endpoint sent an answer that has not ended: its finish reason is null";
    reason.is_null().then(|| (FailureKind::Transport, text.to_owned()))
}

/// A call of a tool where an answer was wanted.
pub(in crate::provider) fn called(tool: Option<&str>) -> Ended {
    let tool = tool.map(|tool| format!(" `{}`", super::line(tool))).unwrap_or_default();
    (FailureKind::Transport, format!("the model called the tool{tool} instead of answering"))
}

/// The text of an answer that ended normally. An answer without text is a failure worth another try, in every dialect and
/// whether the text is empty, blank, null or missing.
pub(in crate::provider) fn spoken(text: Option<String>) -> Result<String, Ended> {
    let nothing = || (FailureKind::Transport, "the model ended its answer without writing anything".to_owned());
    text.filter(|text| !text.trim().is_empty()).ok_or_else(nothing)
}

/// The failure, with what the model had written when its answer was cut.
pub(in crate::provider) fn failure((kind, message): Ended, text: Option<String>) -> Failure {
    let written = text.filter(|text| kind == FailureKind::Length && !text.is_empty());
    Failure { written: written.map(Into::into), ..Failure::new(kind, message) }
}
