//! The body of a 200: an answer, or the reason why there is none.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::provider::http::{error, line};
use crate::provider::{Failure, FailureKind, Reply, Usage};

/// Reasons to stop that are the model's or its operator's no.
const REFUSED: &[&str] = &["PROHIBITED_CONTENT", "SAFETY"];

/// Reasons to stop that withhold an answer for what is in it.
const FILTERED: &[&str] = &["BLOCKLIST", "LANGUAGE", "OTHER", "RECITATION", "SPII"];

/// Reads an answer. Its status and body are added by the caller.
pub(super) fn reply(body: &Value) -> Result<Reply, Failure> {
    // An error may come as a list of one.
    let whole = body.get(0).unwrap_or(body);
    if whole.get("error").is_some_and(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body));
    }
    let usage = usage(&body["usageMetadata"]);
    let fail = |(kind, message): (FailureKind, String)| Err(Failure::new(kind, message).usage(usage));
    if let Some(reason) = body["promptFeedback"]["blockReason"].as_str() {
        return fail((FailureKind::Refused, format!("the prompt was blocked ({})", line(reason))));
    }
    let candidate = &body["candidates"][0];
    if let Some(why) = stopped(candidate) {
        return fail(why);
    }
    let Some(text) = text(&candidate["content"]["parts"]) else {
        let message = "the body is no content: `candidates[0].content` has no text";
        return fail((FailureKind::Transport, message.to_owned()));
    };
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    Ok(Reply { text, usage, model: named("modelVersion"), id: named("responseId") })
}

/// Why the model stopped before it had answered.
fn stopped(candidate: &Value) -> Option<(FailureKind, String)> {
    let reason = candidate["finishReason"].as_str()?;
    let said = candidate["finishMessage"].as_str().map(|text| format!(": {}", line(text))).unwrap_or_default();
    Some(match reason {
        "MAX_TOKENS" => (FailureKind::Length, "the answer was cut at the token limit".to_owned()),
        reason if REFUSED.contains(&reason) => (FailureKind::Refused, format!("the model refused ({reason}){said}")),
        reason if FILTERED.contains(&reason) => {
            (FailureKind::Filtered, format!("the answer was withheld ({reason}){said}"))
        }
        reason if reason.starts_with("MALFORMED") => {
            (FailureKind::Transport, format!("the model's answer was malformed ({reason}){said}"))
        }
        _ => return None,
    })
}

/// What was written, without the thoughts.
fn text(parts: &Value) -> Option<String> {
    let spoken = parts.as_array()?.iter().filter(|part| part["thought"] != true);
    let texts: Vec<_> = spoken.filter_map(|part| part["text"].as_str()).collect();
    (!texts.is_empty()).then(|| texts.concat())
}

/// The tokens used. Gemini counts thoughts apart from the answer, and cached tokens as part of the prompt.
fn usage(usage: &Value) -> Usage {
    let count = |key: &str| usage[key].as_u64();
    let sum = |a: Option<u64>, b: Option<u64>| Some(a?.saturating_add(b.unwrap_or(0)));
    let (written, thoughts) = (count("candidatesTokenCount"), count("thoughtsTokenCount"));
    Usage {
        input_tokens: sum(count("promptTokenCount"), count("toolUsePromptTokenCount")),
        cached_input_tokens: count("cachedContentTokenCount"),
        cache_write_tokens: None,
        output_tokens: sum(written, thoughts).or(thoughts),
        reasoning_tokens: thoughts,
    }
}
