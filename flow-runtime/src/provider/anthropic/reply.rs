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
    let usage = usage(&body["usage"]);
    let fail = |(kind, message): (FailureKind, String)| Err(Failure::new(kind, message).usage(usage));
    if let Some(why) = stopped(body) {
        return fail(why);
    }
    let Some(text) = text(&body["content"]) else {
        return fail((FailureKind::Transport, "the body is no message: its `content` has no text".to_owned()));
    };
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    Ok(Reply { text, usage, model: named("model"), id: named("id") })
}

/// Why the model stopped before it had answered.
fn stopped(body: &Value) -> Option<(FailureKind, String)> {
    Some(match body["stop_reason"].as_str()? {
        "refusal" => (FailureKind::Refused, refusal(&body["stop_details"])),
        "max_tokens" => (FailureKind::Length, "the answer was cut at the token limit".to_owned()),
        "model_context_window_exceeded" => {
            (FailureKind::Length, "the answer was cut at the end of the model's context".to_owned())
        }
        "pause_turn" => {
            let text = "the model paused to go on with a tool of the server's; leave those tools out";
            (FailureKind::InvalidRequest, text.to_owned())
        }
        _ => return None,
    })
}

fn refusal(details: &Value) -> String {
    match (details["explanation"].as_str(), details["category"].as_str()) {
        (Some(text), _) if !text.is_empty() => format!("the model refused: {}", line(text)),
        (_, Some(category)) => format!("the model refused ({})", line(category)),
        _ => "the model refused".to_owned(),
    }
}

/// The input of the tool that stands for the answer, or else all that was written.
fn text(content: &Value) -> Option<String> {
    let blocks = content.as_array()?;
    let of = |kind: &'static str| blocks.iter().filter(move |block| block["type"] == kind);
    if let Some(block) = of("tool_use").next() {
        return block.get("input").map(Value::to_string);
    }
    let texts: Vec<_> = of("text").filter_map(|block| block["text"].as_str()).collect();
    (!texts.is_empty()).then(|| texts.concat())
}

/// The tokens used. Claude counts what is read from a cache, what is written to it, and the rest apart.
fn usage(usage: &Value) -> Usage {
    let count = |key: &str| usage[key].as_u64();
    let (plain, read, write) =
        (count("input_tokens"), count("cache_read_input_tokens"), count("cache_creation_input_tokens"));
    Usage {
        input_tokens: plain.map(|plain| plain.saturating_add(read.unwrap_or(0)).saturating_add(write.unwrap_or(0))),
        cached_input_tokens: read,
        cache_write_tokens: write,
        output_tokens: count("output_tokens"),
        reasoning_tokens: usage["output_tokens_details"]["thinking_tokens"].as_u64(),
    }
}
