//! The body of a 200 response: an answer, or the reason for its absence.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::body::Binding;
use crate::prompt::Content;
use crate::provider::http::ending::{self, Ended};
use crate::provider::http::{self, error, line};
use crate::provider::parts::Parts;
use crate::provider::{Failure, FailureKind, Reply, Usage};

/// Stop reasons of a complete answer.
const COMPLETE: &[&str] = &["end_turn", "stop_sequence", "tool_use"];

/// Reads an answer that the request bound to a schema by `binding`. The caller adds status and body to failures.
pub(super) fn reply(body: &Value, provider: &str, binding: Binding) -> Result<Reply, Failure> {
    let usage = usage(&body["usage"]);
    if body.get("error").is_some_and(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body).usage(usage));
    }
    // An empty list is an answer without words; anything else is not an answer.
    if !body["content"].is_array() {
        let text = "the body is not a message: it has no list `content`";
        return Err(Failure::new(FailureKind::Transport, text).usage(usage));
    }
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    let content = match binding {
        Binding::Tool => answer(&body["content"]),
        _ => None,
    };
    let content = content.unwrap_or_else(|| said(&body["content"], Parts::of(provider, &body["id"])));
    let answer = ending::complete(content, stopped(body));
    let (model, id, finish_reason) = (named("model"), named("id"), named("stop_reason"));
    match answer {
        Ok(content) => Ok(Reply { content, usage, model, id, finish_reason }),
        Err(failure) => Err(Failure { finish_reason: finish_reason.map(Into::into), ..failure.usage(usage) }),
    }
}

/// Why the model stopped early.
fn stopped(body: &Value) -> Option<Ended> {
    if let Some(unended) = body.get("stop_reason").and_then(ending::unended) {
        return Some(unended);
    }
    Some(match body["stop_reason"].as_str()? {
        reason if COMPLETE.contains(&reason) => return None,
        "refusal" => (FailureKind::Refused, refusal(&body["stop_details"])),
        "max_tokens" => ending::cut(),
        "model_context_window_exceeded" => ending::context_full(),
        "pause_turn" => {
            let text = "the model paused for a server-side tool, which is not supported; remove such tools";
            (FailureKind::InvalidRequest, text.to_owned())
        }
        "compaction" => {
            let text = "the server stopped to compact the conversation, which is not supported; turn compaction off";
            (FailureKind::InvalidRequest, text.to_owned())
        }
        reason => ending::unknown(reason),
    })
}

fn refusal(details: &Value) -> String {
    match (details["explanation"].as_str(), details["category"].as_str()) {
        (Some(text), _) if !text.is_empty() => format!("the model refused: {}", line(text)),
        (_, Some(category)) => format!("the model refused ({})", line(category)),
        _ => "the model refused".to_owned(),
    }
}

/// The input of the answer tool.
fn answer(content: &Value) -> Option<Content> {
    let block = content.as_array()?.iter().find(|block| block["type"] == "tool_use")?;
    block.get("input").map(|input| match input {
        // Streamed, and not JSON.
        Value::String(text) => text.as_str().into(),
        input => input.to_string().into(),
    })
}

/// Converts the blocks to parts. Unknown kinds become opaque parts.
fn said(content: &Value, mut parts: Parts<'_>) -> Content {
    for block in content.as_array().into_iter().flatten() {
        match block["type"].as_str() {
            Some("text") => parts.text(block["text"].as_str().unwrap_or_default()),
            Some("tool_use") => {
                let name = block["name"].as_str().unwrap_or_default();
                parts.call(block["id"].as_str(), name, block["input"].clone());
            }
            _ => parts.opaque(block.clone()),
        }
    }
    parts.content()
}

/// The tokens used. Claude counts cache reads, cache writes and other input separately.
fn usage(usage: &Value) -> Usage {
    let count = |key: &str| http::count(&usage[key]);
    let (plain, read, write) = (count("input_tokens"), count("cache_read_input_tokens"), written(usage));
    let parts = [plain, read, write];
    let known = parts.iter().any(Option::is_some);
    let counted = Usage {
        input_tokens: known.then(|| parts.into_iter().flatten().fold(0, u64::saturating_add)),
        cached_input_tokens: read,
        cache_write_tokens: write,
        output_tokens: count("output_tokens"),
        reasoning_tokens: http::count(&usage["output_tokens_details"]["thinking_tokens"]),
    };
    counted.reconciled()
}

/// The tokens written to a cache: the total, or the sum of its parts by lifetime.
fn written(usage: &Value) -> Option<u64> {
    let kept = usage["cache_creation"].as_object();
    let parts = kept.map(|kept| kept.values().filter_map(http::count).fold(0, u64::saturating_add));
    http::count(&usage["cache_creation_input_tokens"]).max(parts)
}
