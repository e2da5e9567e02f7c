//! What an endpoint says when it does not answer.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::text::{excerpt, line};
use super::wait::{retry_after, should_retry};
use crate::provider::{Failure, FailureKind};

/// Codes that mean a prompt longer than the context.
const CONTEXT: &[&str] = &["context_length_exceeded", "exceed_context_size_error"];

/// Parts of messages that mean the same, at servers without such a code.
const CONTEXT_WORDS: &[&str] = &[
    "context limit",
    "context size",
    "context window",
    "exceeds the context",
    "exceeds the maximum number of tokens",
    "maximum context length",
    "prompt is too long",
];

/// Codes that mean a content filter.
const FILTER: &[&str] = &["content_filter", "content_policy_violation"];

/// Parts of codes that mean money rather than haste.
const QUOTA: &[&str] =
    &["insufficient_quota", "credit_balance", "billing", "perday", "spend_limit", "usage_limit", "payment"];

/// Parts of messages that mean the same.
const QUOTA_WORDS: &[&str] =
    &["credit balance is too low", "specified api usage limits", "specified workspace api usage limits"];

/// Codes that mean a wrong key, at an endpoint that answers it with a 400.
const KEY: &[&str] = &["api_key_invalid"];

/// The statuses that belong to the names of errors, for those that come with a 200.
const NAMED: &[(&str, u16)] = &[
    ("authentication_error", 401),
    ("billing_error", 402),
    ("deadline_exceeded", 504),
    ("internal", 500),
    ("invalid_argument", 400),
    ("invalid_request_error", 400),
    ("not_found", 404),
    ("not_found_error", 404),
    ("overloaded_error", 529),
    ("permission_denied", 403),
    ("permission_error", 403),
    ("rate_limit_error", 429),
    ("resource_exhausted", 429),
    ("unauthenticated", 401),
    ("unavailable", 503),
];

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
    /// Type, code and reasons, in lower case, a number as its digits.
    codes: Vec<String>,
    /// The wait that the body asks for.
    retry_after: Option<Duration>,
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
                .chain(details(error))
                .map(|code| code.to_lowercase())
                .collect(),
            retry_after: retry_delay(error),
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
        if !status.is_success() {
            return status.as_u16();
        }
        let number = self.codes.iter().find_map(|code| code.parse().ok().filter(|code| (400..600).contains(code)));
        let named = || NAMED.iter().find(|(name, _)| self.has_code(&[name])).map(|(_, status)| *status);
        number.or_else(named).unwrap_or(500)
    }
}

/// The reasons that the details of an error name: Anthropic's are an object, Google's a list.
fn details(error: &Value) -> Vec<String> {
    let details = &error["details"];
    let list = details.as_array().map_or(std::slice::from_ref(details), Vec::as_slice);
    let violations = list.iter().flat_map(|detail| detail["violations"].as_array().into_iter().flatten());
    let quotas = violations.filter_map(|violation| violation["quotaId"].as_str());
    let reasons = list.iter().filter_map(|detail| detail["error_code"].as_str().or(detail["reason"].as_str()));
    reasons.chain(quotas).map(str::to_owned).collect()
}

/// The wait in Google's `RetryInfo`, as `26s`.
fn retry_delay(error: &Value) -> Option<Duration> {
    let delay = error["details"].as_array()?.iter().find_map(|detail| detail["retryDelay"].as_str())?;
    Duration::try_from_secs_f64(delay.strip_suffix('s')?.parse().ok()?).ok()
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
        _ if wrong && said.has_code(KEY) => FailureKind::Unauthorized,
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
    let status = match status.canonical_reason() {
        Some(_) => status.to_string(),
        None if status.as_u16() == 529 => "529 Overloaded".to_owned(),
        None => status.as_str().to_owned(),
    };
    match (target, &said[..]) {
        (Some(target), _) => format!("the endpoint is elsewhere ({status}): {}", line(target)),
        (None, "") => format!("the endpoint answered {status}"),
        (None, said) => format!("the endpoint answered {status}: {said}"),
    }
}
