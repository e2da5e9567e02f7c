//! Classifies error responses.

use std::time::SystemTime;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

use super::repair;
use super::said::Said;
use super::text::{excerpt, line};
use super::wait::{retry_after, should_retry};
use crate::provider::{Failure, FailureKind};

/// Codes for a prompt longer than the context.
const CONTEXT: &[&str] = &["context_length_exceeded", "exceed_context_size_error"];

/// Substrings of messages with that meaning, from servers without such a code.
const CONTEXT_WORDS: &[&str] = &[
    "context limit",
    "context size",
    "context window",
    "exceeds the context",
    "exceeds the maximum number of tokens",
    "input is too long",
    "maximum context length",
    "prompt is too long",
];

/// Codes for a content filter.
const FILTER: &[&str] = &["content_filter", "content_policy_violation"];

/// Substrings of codes that mean an exhausted budget rather than a rate limit.
const QUOTA: &[&str] = &[
    "insufficient_quota",
    "servicequotaexceeded",
    "credit_balance",
    "billing",
    "perday",
    "spend_limit",
    "usage_limit",
    "payment",
];

/// Substrings of messages with that meaning.
const QUOTA_WORDS: &[&str] = &[
    "credit balance is too low",
    "free-models-per-day",
    "too many tokens per day",
    "specified api usage limits",
    "specified workspace api usage limits",
];

/// Codes for a wrong key, sent with a 400.
const KEY: &[&str] = &["api_key_invalid"];

/// Substrings of messages about a wrong key, sent with a 400.
const KEY_WORDS: &[&str] = &["api key is invalid", "api key not valid", "incorrect api key", "invalid api key"];

/// Codes for an answer that the endpoint itself could not parse; a retry may give a valid one.
/// See <https://console.groq.com/docs/tool-use>.
const UNREADABLE: &[&str] = &["json_validate_failed", "tool_use_failed"];

/// Codes for a rate limit. Groq answers a request that exceeds the tokens per minute with a 413.
/// See <https://console.groq.com/docs/rate-limits>.
const RATE: &[&str] = &["rate_limit_exceeded"];

/// Substrings of messages sent with a 500 for a server that is not set up for the request.
const SETUP_WORDS: &[&str] = &["requires --jinja"];

/// The failure for a status and a body of any format.
pub(super) fn failure(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let value = repair::parse(body).ok();
    let mut failure = classified(status, headers, value.as_ref().unwrap_or(&Value::Null));
    if value.is_none() && !body.is_empty() {
        failure.message = format!("{} with {}", failure.message, not_json(headers, body));
    }
    failure.body = Some(excerpt(body)).filter(|text| !text.is_empty());
    failure
}

/// Describes a body that is not JSON by its content type and its start.
pub(super) fn not_json(headers: &HeaderMap, body: &[u8]) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.map_or("no content type".to_owned(), line);
    format!("{kind} instead of JSON: `{}`", line(&excerpt(body)))
}

/// The failure for a status and a parsed body.
pub(in crate::provider) fn classified(status: StatusCode, headers: &HeaderMap, body: &Value) -> Failure {
    let said = Said::read(body).typed(headers);
    let mut failure = Failure::new(kind(status, headers, &said), message(status, headers, &said));
    failure.status = Some(status.as_u16());
    failure.retry = never_fits(&failure, &said).then_some(false).or(should_retry(headers));
    failure
}

/// The answer inside an error that reports it as invalid JSON: validation can then ask the model for a better one.
/// See <https://console.groq.com/docs/structured-outputs>.
pub(super) fn answer_within(body: &Value) -> Option<String> {
    let error = &body["error"];
    let text = error["failed_generation"].as_str().filter(|text| !text.trim().is_empty())?;
    (error["code"] == "json_validate_failed").then(|| text.to_owned())
}

fn kind(status: StatusCode, headers: &HeaderMap, said: &Said) -> FailureKind {
    let wait = retry_after(headers, SystemTime::now()).or(said.retry_after);
    let status = said.status(status);
    let wrong = (400..500).contains(&status);
    match status {
        _ if said.has_code(CONTEXT) => FailureKind::ContextLength,
        400 | 413 | 422 if said.has_words(CONTEXT_WORDS) => FailureKind::ContextLength,
        _ if said.has_code(FILTER) => FailureKind::Filtered,
        402 => FailureKind::Quota,
        _ if wrong && (said.has_code_with(QUOTA) || said.has_words(QUOTA_WORDS)) => FailureKind::Quota,
        _ if wrong && said.has_code(UNREADABLE) => FailureKind::Transport,
        _ if wrong && said.has_code(KEY) => FailureKind::Unauthorized,
        400 if said.has_words(KEY_WORDS) => FailureKind::Unauthorized,
        500 if said.has_words(SETUP_WORDS) => FailureKind::InvalidRequest,
        401 | 403 => FailureKind::Unauthorized,
        408 => FailureKind::TimedOut,
        413 if said.has_code(RATE) => FailureKind::RateLimited { retry_after: wait },
        413 => FailureKind::ContextLength,
        429 => FailureKind::RateLimited { retry_after: wait },
        // Bedrock: the model failed.
        424 => FailureKind::Overloaded { retry_after: wait },
        // Not implemented: a retry cannot help.
        501 => FailureKind::InvalidRequest,
        409 | 500.. => FailureKind::Overloaded { retry_after: wait },
        _ => FailureKind::InvalidRequest,
    }
}

/// Whether a request exceeds its limit on its own, so that waiting cannot help. A 413 means that unless the message disagrees.
fn never_fits(failure: &Failure, said: &Said) -> bool {
    let FailureKind::RateLimited { retry_after } = failure.kind else { return false };
    let is_too_large = failure.status == Some(413) && retry_after.is_none();
    said.fits_the_limit().map_or(is_too_large, |fits| !fits)
}

fn message(status: StatusCode, headers: &HeaderMap, said: &Said) -> String {
    let said = line(&said.message);
    let target = headers.get("location").filter(|_| status.is_redirection()).and_then(|target| target.to_str().ok());
    let status = match status.canonical_reason() {
        Some(_) => status.to_string(),
        None if status.as_u16() == 529 => "529 Overloaded".to_owned(),
        None => status.as_str().to_owned(),
    };
    match (target, &said[..]) {
        (Some(target), _) => format!("the endpoint has moved ({status}): {}", line(target)),
        (None, "") => format!("the endpoint answered {status}"),
        (None, said) => format!("the endpoint answered {status}: {said}"),
    }
}
