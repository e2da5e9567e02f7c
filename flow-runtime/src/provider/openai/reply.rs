//! The body of a 200: an answer, or the reason why there is none.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::ending::ended;
use super::usage::usage;
use crate::provider::http::{ending, error, line};
use crate::provider::{Failure, FailureKind, Reply};

/// Reads an answer. Its status and body are added by the caller.
pub(super) fn reply(body: &Value) -> Result<Reply, Failure> {
    let usage = usage(&body["usage"]);
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    let finish = body["choices"][0]["finish_reason"].as_str().filter(|reason| !reason.is_empty());
    let finish_reason = finish.map(str::to_owned);
    match choice(body) {
        Ok(text) => Ok(Reply { text, usage, model: named("model"), id: named("id"), finish_reason }),
        Err(failure) => Err(Failure { finish_reason: finish_reason.map(Into::into), ..failure.usage(usage) }),
    }
}

/// The text of the first choice.
fn choice(body: &Value) -> Result<String, Failure> {
    let is_error = body["object"] == "error" || body.get("error").is_some_and(|error| !error.is_null());
    if is_error {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body));
    }
    let Some(choice) = body.pointer("/choices/0").filter(|choice| choice.is_object()) else {
        let text = "the body is no chat completion: it has no `choices[0]`";
        return Err(Failure::new(FailureKind::Transport, text));
    };
    // A gateway whose upstream died after it had begun to answer says so within the choice.
    if let Some(error) = choice.get("error").filter(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), &json!({"error": error})));
    }
    if let Some(refusal) = choice.pointer("/message/refusal").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        return Err(Failure::new(FailureKind::Refused, format!("the model refused: {}", line(refusal))));
    }
    let text = text(&choice["message"]["content"]);
    if let Some(why) = ended(choice) {
        return Err(ending::failure(why, text));
    }
    ending::spoken(text).map_err(|why| ending::failure(why, None))
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
