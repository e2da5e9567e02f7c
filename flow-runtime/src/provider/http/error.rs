//! What an endpoint says when it does not answer.

use std::time::SystemTime;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::text::{excerpt, line};
use super::wait::{retry_after, should_retry};
use crate::provider::{Failure, FailureKind};

/// Codes that mean a prompt longer than the context.
const CONTEXT: &[&str] = &["context_length_exceeded", "exceed_context_size_error"];

/// Parts of messages that mean the same, at servers without such a code.
const CONTEXT_WORDS: &[&str] = &["maximum context length", "exceeds the context", "context size", "context window"];

/// Codes that mean a content filter.
const FILTER: &[&str] = &["content_filter", "content_policy_violation"];

/// Parts of codes that mean money rather than haste.
const QUOTA: &[&str] = &["insufficient_quota", "credit_balance", "billing", "spend_limit", "usage_limit", "payment"];

/// The failure that a status and a body of any form mean.
pub(super) fn failure(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let mut failure = classified(status, headers, &value);
    failure.body = Some(excerpt(body)).filter(|text| !text.is_empty());
    failure
}

/// The failure that a status and a parsed body mean.
pub(in crate::provider) fn classified(status: StatusCode, headers: &HeaderMap, body: &Value) -> Failure {
    let said = Said::read(body);
    let mut failure = Failure::new(kind(status, headers, &said), message(status, headers, &said));
    failure.status = Some(status.as_u16());
    failure.retry = should_retry(headers);
    failure
}

/// What an error says, wherever it says it.
#[derive(Debug, Default)]
struct Said {
    message: String,
    /// Type and code, in lower case, a number as its digits.
    codes: Vec<String>,
}

impl Said {
    /// Reads `{"error": {…}}`, `{"error": "…"}`, the same in a list of one, and an error without the wrapping.
    fn read(body: &Value) -> Self {
        let body = body.get(0).unwrap_or(body);
        let error = body.get("error").filter(|error| !error.is_null()).unwrap_or(body);
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let message = ["message", "detail", "error"].iter().find_map(|key| error.get(key)?.as_str().map(str::to_owned));
        Self {
            message: message.or_else(|| error.as_str().map(str::to_owned)).unwrap_or_default(),
            codes: ["type", "code", "status"]
                .iter()
                .filter_map(|key| text(error.get(key)?))
                .map(|code| code.to_lowercase())
                .collect(),
        }
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.codes.iter().any(|code| codes.contains(&&code[..]))
    }

    fn has_code_with(&self, parts: &[&str]) -> bool {
        self.codes.iter().any(|code| parts.iter().any(|part| code.contains(part)))
    }

    fn has_words(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|words| message.contains(words))
    }

    /// The status: the one of the response, or, when an error comes with a 200, the number in the body.
    fn status(&self, status: StatusCode) -> u16 {
        let code = || self.codes.iter().find_map(|code| code.parse().ok().filter(|code| (400..600).contains(code)));
        if status.is_success() { code().unwrap_or(500) } else { status.as_u16() }
    }
}

fn kind(status: StatusCode, headers: &HeaderMap, said: &Said) -> FailureKind {
    let wait = retry_after(headers, SystemTime::now());
    let status = said.status(status);
    let wrong = (400..500).contains(&status);
    match status {
        _ if said.has_code(CONTEXT) => FailureKind::ContextLength,
        400 | 413 | 422 if said.has_words(CONTEXT_WORDS) => FailureKind::ContextLength,
        _ if said.has_code(FILTER) => FailureKind::Filtered,
        402 => FailureKind::Quota,
        _ if wrong && said.has_code_with(QUOTA) => FailureKind::Quota,
        401 | 403 => FailureKind::Unauthorized,
        408 => FailureKind::TimedOut,
        413 => FailureKind::ContextLength,
        429 => FailureKind::RateLimited { retry_after: wait },
        // Not implemented stays so.
        501 => FailureKind::InvalidRequest,
        409 | 500.. => FailureKind::Overloaded { retry_after: wait },
        _ => FailureKind::InvalidRequest,
    }
}

fn message(status: StatusCode, headers: &HeaderMap, said: &Said) -> String {
    let said = line(&said.message);
    let target = headers.get("location").filter(|_| status.is_redirection()).and_then(|target| target.to_str().ok());
    match (target, &said[..]) {
        (Some(target), _) => format!("the endpoint is elsewhere ({status}): {}", line(target)),
        (None, "") => format!("the endpoint answered {status}"),
        (None, said) => format!("the endpoint answered {status}: {said}"),
    }
}
