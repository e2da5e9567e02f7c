//! The body of a 200 response: an answer, or the reason for its absence.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::ending::ended;
use super::messages::PRIVATE;
use super::usage::usage;
use crate::prompt::Content;
use crate::provider::http::{ending, error, line};
use crate::provider::parts::{Parts, arguments};
use crate::provider::{Failure, FailureKind, Reply};

/// Reads an answer. The caller adds status and body to failures.
pub(super) fn reply(body: &Value, provider: &str) -> Result<Reply, Failure> {
    let usage = usage(&body["usage"]);
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    let finish = body["choices"][0]["finish_reason"].as_str().filter(|reason| !reason.is_empty());
    let finish_reason = finish.map(str::to_owned);
    match choice(body, provider) {
        Ok(content) => Ok(Reply { content, usage, model: named("model"), id: named("id"), finish_reason }),
        Err(failure) => Err(Failure { finish_reason: finish_reason.map(Into::into), ..failure.usage(usage) }),
    }
}

fn choice(body: &Value, provider: &str) -> Result<Content, Failure> {
    let is_error = body["object"] == "error" || body.get("error").is_some_and(|error| !error.is_null());
    if is_error {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body));
    }
    let Some(choice) = body.pointer("/choices/0").filter(|choice| choice.is_object()) else {
        let text = "the body is not a chat completion: it has no `choices[0]`";
        return Err(Failure::new(FailureKind::Transport, text));
    };
    // A gateway reports inside the choice that its upstream died after starting to answer.
    if let Some(error) = choice.get("error").filter(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), &json!({"error": error})));
    }
    if let Some(refusal) = choice.pointer("/message/refusal").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        return Err(Failure::new(FailureKind::Refused, format!("the model refused: {}", line(refusal))));
    }
    ending::complete(said(&choice["message"], Parts::of(provider, &body["id"])), ended(choice))
}

/// The parts of a message: opaque data, text, tool calls.
fn said(message: &Value, mut parts: Parts<'_>) -> Content {
    private(message, &mut parts, |fields| fields);
    match &message["content"] {
        Value::String(text) => parts.text(text),
        Value::Array(list) => list.iter().for_each(|part| match part["text"].as_str() {
            Some(text) => parts.text(text),
            // Mistral's thoughts.
            None => parts.opaque(part.clone()),
        }),
        _ => {}
    }
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        private(call, &mut parts, |fields| json!({ "tool_call": fields }));
        called(&call["function"], call["id"].as_str(), &mut parts);
    }
    called(&message["function_call"], None, &mut parts);
    parts.content()
}

/// Adds a call. Snowflake sends one without a name next to each text; it is ignored.
fn called(function: &Value, id: Option<&str>, parts: &mut Parts<'_>) {
    let Some(name) = function["name"].as_str().filter(|name| !name.is_empty()) else { return };
    let arguments = match &function["arguments"] {
        Value::Null => json!({}),
        Value::String(text) => arguments(text),
        other => other.clone(),
    };
    parts.call(id, name, arguments);
}

/// Adds the fields of a message or call that must be returned unchanged.
fn private(from: &Value, parts: &mut Parts<'_>, form: fn(Value) -> Value) {
    let is_there = |value: &&Value| !value.is_null() && **value != "";
    let fields = PRIVATE.iter().filter_map(|name| Some((*name, from.get(*name).filter(is_there)?.clone())));
    let fields: serde_json::Map<_, _> = fields.map(|(name, value)| (name.to_owned(), value)).collect();
    if !fields.is_empty() {
        parts.opaque(form(fields.into()));
    }
}
