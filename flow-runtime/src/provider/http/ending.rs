//! How an answer ended, in terms that all dialects share.

use serde_json::Value;

use crate::prompt::Content;
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

/// An answer as it ended: a failure if it was cut or withheld, with what the model had written when it was cut. An answer without
/// text and without a call of a tool is a failure worth another try, in every dialect and whether the text is empty, blank, null
/// or missing.
pub(in crate::provider) fn complete(content: Content, ended: Option<Ended>) -> Result<Content, Failure> {
    let is_empty = || content.tool_calls().next().is_none() && content.text().trim().is_empty();
    let nothing = || (FailureKind::Transport, "the model ended its answer without writing anything".to_owned());
    match ended.or_else(|| is_empty().then(nothing)) {
        None => Ok(content),
        Some((kind, message)) => {
            let written = Some(content.text()).filter(|text| kind == FailureKind::Length && !text.is_empty());
            Err(Failure { written: written.map(Into::into), ..Failure::new(kind, message) })
        }
    }
}
