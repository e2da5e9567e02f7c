//! Extracts message, codes and delays from error bodies of all known shapes.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::repair;

/// The statuses for error names, for errors sent with a 200. The exceptions are those of Bedrock:
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>.
const NAMED: &[(&str, u16)] = &[
    ("accessdeniedexception", 403),
    ("authentication_error", 401),
    ("billing_error", 402),
    ("deadline_exceeded", 504),
    ("expiredtokenexception", 403),
    ("insufficient_quota", 429),
    ("internal", 500),
    ("invalid_argument", 400),
    ("invalid_prompt", 400),
    ("invalid_request_error", 400),
    ("modelerrorexception", 424),
    ("modelnotreadyexception", 429),
    ("modelstreamerrorexception", 424),
    ("modeltimeoutexception", 408),
    ("not_found", 404),
    ("not_found_error", 404),
    ("overloaded_error", 529),
    ("permission_denied", 403),
    ("permission_error", 403),
    ("rate_limit_error", 429),
    ("rate_limit_exceeded", 429),
    ("resource_exhausted", 429),
    ("resourcenotfoundexception", 404),
    ("servicequotaexceededexception", 400),
    ("throttlingexception", 429),
    ("unauthenticated", 401),
    ("unavailable", 503),
    ("validationexception", 400),
];

/// The content of an error body.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) message: String,
    /// Types, codes and reasons in lower case; numbers as digits.
    codes: Vec<String>,
    /// The delay that the body asks for.
    pub(super) retry_after: Option<Duration>,
}

impl Said {
    /// Reads `{"error": {…}}`, `{"error": "…"}`, either in a list with one item, and an error without the wrapper.
    pub(super) fn read(body: &Value) -> Self {
        let body = body.get(0).unwrap_or(body);
        let error = body.get("error").filter(|error| !error.is_null()).unwrap_or(body);
        let metadata = &error["metadata"];
        // xAI's code is next to an error that is a plain text.
        let holder = if error.is_object() { error } else { body };
        let codes = ["type", "code", "status"].iter().filter_map(|key| code(holder.get(key)?));
        let cause = Cause::read(metadata);
        Self {
            message: with_cause(message(error).unwrap_or_default(), &cause),
            codes: codes.chain(details(error)).chain(cause.codes).map(|code| code.to_lowercase()).collect(),
            retry_after: retry_delay(error).or_else(|| reset(metadata, SystemTime::now())),
        }
    }

    /// Adds the type of error that AWS sends in a header, as in `ThrottlingException:http://…`.
    pub(super) fn typed(mut self, headers: &HeaderMap) -> Self {
        let kind = headers.get("x-amzn-errortype").and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(':').next()).map(|kind| kind.trim().to_lowercase());
        self.codes.extend(kind.filter(|kind| !kind.is_empty()));
        self
    }

    pub(super) fn has_code(&self, codes: &[&str]) -> bool {
        self.codes.iter().any(|code| codes.contains(&&code[..]))
    }

    pub(super) fn has_code_with(&self, parts: &[&str]) -> bool {
        self.codes.iter().any(|code| parts.iter().any(|part| code.contains(part)))
    }

    pub(super) fn has_words(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|words| message.contains(words))
    }

    /// Whether the request fits the limit, if the message tells: `Limit 6000, Requested 9461`, as written by OpenAI and Groq.
    pub(super) fn fits_the_limit(&self) -> Option<bool> {
        let after = |name: &str| self.message.split(name).skip(1).find_map(leading_number);
        Some(after("Requested")? <= after("Limit")?)
    }

    /// The status of the response, or the number in the body if an error comes with a 200.
    pub(super) fn status(&self, status: StatusCode) -> u16 {
        if !status.is_success() {
            return status.as_u16();
        }
        let number = self.codes.iter().find_map(|code| code.parse().ok().filter(|code| (400..600).contains(code)));
        let named = || NAMED.iter().find(|(name, _)| self.has_code(&[name])).map(|(_, status)| *status);
        number.or_else(named).unwrap_or(500)
    }
}

/// The number at the start of a text.
fn leading_number(text: &str) -> Option<u64> {
    let text = text.trim_start_matches([':', ' ']);
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != ',').unwrap_or(text.len());
    text[..end].replace(',', "").parse().ok()
}

fn code(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The message of an error: a plain text, a text field, or a list of such messages.
fn message(error: &Value) -> Option<String> {
    match error {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let texts: Vec<_> = list.iter().filter_map(located).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        Value::Object(_) => {
            ["message", "Message", "detail", "error", "errors"].iter().find_map(|key| message(error.get(key)?))
        }
        _ => None,
    }
}

/// One entry of a list; FastAPI names the request field it refers to: `{"loc": ["body", "model"], "msg": "…"}`.
fn located(entry: &Value) -> Option<String> {
    let Some(text) = entry["msg"].as_str() else { return message(entry) };
    let place: Vec<_> = entry["loc"].as_array().into_iter().flatten().filter_map(code).collect();
    Some(if place.is_empty() { text.to_owned() } else { format!("{}: {text}", place.join(".")) })
}

/// A gateway's details about the upstream failure, as in OpenRouter's `metadata`.
#[derive(Default)]
struct Cause {
    provider: Option<String>,
    message: Option<String>,
    codes: Vec<String>,
}

impl Cause {
    fn read(metadata: &Value) -> Self {
        let raw = metadata.get("raw").map(|raw| match raw.as_str().map(|raw| repair::parse(raw.as_bytes())) {
            Some(Ok(parsed)) if !parsed.is_number() => parsed,
            _ => raw.clone(),
        });
        let said = raw.as_ref().map(Said::read).unwrap_or_default();
        let flagged = metadata["reasons"].as_array().filter(|reasons| !reasons.is_empty());
        let reasons = flagged.map(|reasons| reasons.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
        let filter = reasons.iter().map(|_| "content_filter".to_owned());
        let message = Some(said.message).filter(|text| !text.is_empty());
        Self {
            provider: metadata["provider_name"].as_str().map(str::to_owned),
            message: message.or(reasons.clone()),
            codes: said.codes.into_iter().filter(|code| code.parse::<u16>().is_err()).chain(filter).collect(),
        }
    }
}

fn with_cause(message: String, cause: &Cause) -> String {
    let by = cause.provider.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    match &cause.message {
        Some(cause) if !message.contains(&cause[..]) => format!("{message}{by}: {cause}"),
        _ => message,
    }
}

/// The reasons in the details of an error: an object for Anthropic, a list for Google.
fn details(error: &Value) -> Vec<String> {
    let details = &error["details"];
    let list = details.as_array().map_or(std::slice::from_ref(details), Vec::as_slice);
    let violations = list.iter().flat_map(|detail| detail["violations"].as_array().into_iter().flatten());
    let quotas = violations.filter_map(|violation| violation["quotaId"].as_str());
    let reasons = list.iter().filter_map(|detail| detail["error_code"].as_str().or(detail["reason"].as_str()));
    reasons.chain(quotas).map(str::to_owned).collect()
}

/// The delay in Google's `RetryInfo`, such as `26s`.
fn retry_delay(error: &Value) -> Option<Duration> {
    let delay = error["details"].as_array()?.iter().find_map(|detail| detail["retryDelay"].as_str())?;
    Duration::try_from_secs_f64(delay.strip_suffix('s')?.parse().ok()?).ok()
}

/// The time until the reset that OpenRouter repeats from a header, in milliseconds since 1970.
fn reset(metadata: &Value, now: SystemTime) -> Option<Duration> {
    let headers = metadata["headers"].as_object()?;
    let (_, at) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-ratelimit-reset"))?;
    let at: u64 = code(at)?.parse().ok()?;
    let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(at))?;
    Some(at.duration_since(now).unwrap_or_default())
}
