//! The body of a 200 response: an answer, or the reason for its absence.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::contents::SIGNATURE;
use crate::prompt::Content;
use crate::provider::http::ending::{self, Ended};
use crate::provider::http::{self, error, line};
use crate::provider::parts::Parts;
use crate::provider::{Failure, FailureKind, Reply, Usage};

/// Finish reasons that mean a refusal by the model or its operator.
const REFUSED: &[&str] = &["IMAGE_PROHIBITED_CONTENT", "IMAGE_SAFETY", "PROHIBITED_CONTENT", "SAFETY"];

/// Finish reasons that mean the answer was withheld because of its content.
const FILTERED: &[&str] =
    &["BLOCKLIST", "IMAGE_OTHER", "IMAGE_RECITATION", "LANGUAGE", "MODEL_ARMOR", "OTHER", "RECITATION", "SPII"];

/// Finish reasons that mean a mistake of the model, which a retry may avoid.
const SLIPS: &[&str] = &["NO_IMAGE", "TOO_MANY_TOOL_CALLS", "UNEXPECTED_TOOL_CALL"];

/// Reads an answer. The caller adds status and body to failures.
pub(super) fn reply(body: &Value, provider: &str) -> Result<Reply, Failure> {
    // An answer or an error may come as a list with one item.
    let body = body.get(0).unwrap_or(body);
    let usage = usage(&body["usageMetadata"]);
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    let (model, id) = (named("modelVersion"), named("responseId"));
    let finish_reason = body["candidates"][0]["finishReason"].as_str().map(str::to_owned);
    match candidate(body, provider) {
        Ok(content) => Ok(Reply { content, usage, model, id, finish_reason }),
        Err(failure) => Err(Failure { finish_reason: finish_reason.map(Into::into), ..failure.usage(usage) }),
    }
}

fn candidate(body: &Value, provider: &str) -> Result<Content, Failure> {
    if body.get("error").is_some_and(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body));
    }
    if let Some(reason) = body["promptFeedback"]["blockReason"].as_str() {
        let said = said(&body["promptFeedback"]["blockReasonMessage"]);
        return Err(Failure::new(FailureKind::Refused, format!("the prompt was blocked ({}){said}", line(reason))));
    }
    let Some(candidate) = body.pointer("/candidates/0").filter(|candidate| candidate.is_object()) else {
        let text = "the body is not a response: it has no `candidates[0]`";
        return Err(Failure::new(FailureKind::Transport, text));
    };
    let mut parts = Parts::of(provider, &body["responseId"]);
    candidate["content"]["parts"].as_array().into_iter().flatten().for_each(|part| read(part, &mut parts));
    ending::complete(parts.content(), stopped(candidate))
}

fn said(message: &Value) -> String {
    message.as_str().map(|text| format!(": {}", line(text))).unwrap_or_default()
}

/// Why the model stopped early.
fn stopped(candidate: &Value) -> Option<Ended> {
    if let Some(unended) = candidate.get("finishReason").and_then(ending::unended) {
        return Some(unended);
    }
    let reason = candidate["finishReason"].as_str()?;
    let said = said(&candidate["finishMessage"]);
    Some(match reason {
        "STOP" => return None,
        "MAX_TOKENS" => ending::cut(),
        "MISSING_THOUGHT_SIGNATURE" => {
            (FailureKind::InvalidRequest, format!("the request lacks a thought signature ({reason}){said}"))
        }
        reason if REFUSED.contains(&reason) => (FailureKind::Refused, format!("the model refused ({reason}){said}")),
        reason if FILTERED.contains(&reason) => {
            (FailureKind::Filtered, format!("the answer was withheld ({reason}){said}"))
        }
        reason if reason.starts_with("MALFORMED") || SLIPS.contains(&reason) => {
            (FailureKind::Transport, format!("the model's answer was malformed ({reason}){said}"))
        }
        reason => ending::unknown(reason),
    })
}

/// Reads a part. The signature of a text or a call is added before it. Other parts become opaque, except for thoughts without a
/// signature, which are only for display and are dropped.
fn read(part: &Value, parts: &mut Parts<'_>) {
    let signature = part.get(SIGNATURE).filter(|signature| !signature.is_null());
    let call = part.get("functionCall").filter(|call| call.is_object());
    let text = part["text"].as_str().filter(|_| part["thought"] != true);
    if let Some(signature) = signature.filter(|_| call.is_some() || text.is_some_and(|text| !text.is_empty())) {
        parts.opaque(json!({ SIGNATURE: signature }));
    }
    match (call, text) {
        (Some(call), _) => {
            let arguments = call.get("args").filter(|args| args.is_object()).cloned();
            let name = call["name"].as_str().unwrap_or_default();
            parts.call(call["id"].as_str(), name, arguments.unwrap_or_else(|| json!({})));
        }
        (None, Some(text)) if signature.is_none() || !text.is_empty() => parts.text(text),
        _ if part["thought"] == true && signature.is_none() => {}
        _ => parts.opaque(part.clone()),
    }
}

/// The tokens used. Gemini counts thoughts separately from the answer, and cached tokens as part of the prompt.
fn usage(usage: &Value) -> Usage {
    let count = |key: &str| http::count(&usage[key]);
    let sum = |a: Option<u64>, b: Option<u64>| Some(a?.saturating_add(b.unwrap_or(0)));
    let (written, thoughts) = (count("candidatesTokenCount"), count("thoughtsTokenCount"));
    let counted = Usage {
        input_tokens: sum(count("promptTokenCount"), count("toolUsePromptTokenCount")),
        cached_input_tokens: count("cachedContentTokenCount"),
        cache_write_tokens: None,
        output_tokens: sum(written, thoughts).or(thoughts),
        reasoning_tokens: thoughts,
    };
    counted.within(count("totalTokenCount"))
}
