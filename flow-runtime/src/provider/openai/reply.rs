//! The body of a 200: an answer, or the reason why there is none.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::provider::http::{error, line};
use crate::provider::{Failure, FailureKind, Reply, Usage};

/// Reads an answer. Its status and body are added by the caller.
pub(super) fn reply(body: &Value) -> Result<Reply, Failure> {
    if body.get("error").is_some_and(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body));
    }
    let usage = usage(body);
    let fail = |kind, message: String| Err(Failure::new(kind, message).usage(usage));
    let Some(choice) = body.pointer("/choices/0").filter(|choice| choice.is_object()) else {
        return fail(FailureKind::Transport, "the body is no chat completion: it has no `choices[0]`".to_owned());
    };
    if let Some(refusal) = choice.pointer("/message/refusal").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        return fail(FailureKind::Refused, format!("the model refused: {}", line(refusal)));
    }
    match choice["finish_reason"].as_str() {
        Some("length") => return fail(FailureKind::Length, "the answer was cut at the token limit".to_owned()),
        Some("content_filter") => {
            return fail(FailureKind::Filtered, "the answer was withheld by a content filter".to_owned());
        }
        _ => {}
    }
    let Some(text) = text(&choice["message"]["content"]) else {
        return fail(FailureKind::Transport, "the body is no chat completion: `message.content` is no text".to_owned());
    };
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    Ok(Reply { text, usage, model: named("model"), id: named("id") })
}

/// The text of a message, which some servers write in parts.
fn text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<_> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            (!texts.is_empty()).then(|| texts.concat())
        }
        _ => None,
    }
}

/// The tokens used, as far as the endpoint counts them.
fn usage(body: &Value) -> Usage {
    let count = |pointer| body.pointer(pointer).and_then(Value::as_u64);
    Usage {
        input_tokens: count("/usage/prompt_tokens"),
        cached_input_tokens: count("/usage/prompt_tokens_details/cached_tokens"),
        cache_write_tokens: count("/usage/prompt_tokens_details/cache_write_tokens"),
        output_tokens: count("/usage/completion_tokens"),
        reasoning_tokens: count("/usage/completion_tokens_details/reasoning_tokens"),
    }
}
