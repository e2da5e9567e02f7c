//! The body of a 200 response: an answer, or the reason for its absence.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::input::ITEM;
use crate::prompt::Content;
use crate::provider::http::ending::{self, Ended};
use crate::provider::http::{count, error, line};
use crate::provider::parts::{Parts, arguments};
use crate::provider::{Failure, FailureKind, Reply, Usage};

/// Reads a response. The caller adds status and body to failures.
pub(in crate::provider::openai) fn reply(body: &Value, provider: &str) -> Result<Reply, Failure> {
    let usage = usage(&body["usage"]);
    let named = |key: &str| body[key].as_str().map(str::to_owned);
    let finish_reason = reason(body).map(str::to_owned);
    match answer(body, provider) {
        Ok(content) => Ok(Reply { content, usage, model: named("model"), id: named("id"), finish_reason }),
        Err(failure) => Err(Failure { finish_reason: finish_reason.map(Into::into), ..failure.usage(usage) }),
    }
}

/// Why the response ended: its status, or what made it incomplete.
fn reason(body: &Value) -> Option<&str> {
    body["incomplete_details"]["reason"].as_str().or_else(|| body["status"].as_str())
}

fn answer(body: &Value, provider: &str) -> Result<Content, Failure> {
    if body.get("error").is_some_and(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body));
    }
    let Some(items) = body["output"].as_array() else {
        let text = "the body is not a response: it has no list `output`";
        return Err(Failure::new(FailureKind::Transport, text));
    };
    let refusal = items.iter().flat_map(contents).find_map(|part| part["refusal"].as_str());
    if let Some(refusal) = refusal.filter(|text| !text.is_empty()) {
        return Err(Failure::new(FailureKind::Refused, format!("the model refused: {}", line(refusal))));
    }
    let mut parts = Parts::of(provider, &body["id"]);
    items.iter().for_each(|item| read(item, &mut parts));
    ending::complete(parts.content(), ended(body))
}

fn contents(item: &Value) -> impl Iterator<Item = &Value> {
    item["content"].as_array().into_iter().flatten()
}

/// The texts of an item that is a message.
pub(super) fn texts(item: &Value) -> impl Iterator<Item = &str> {
    let is_message = item["type"] == "message";
    contents(item).filter(move |_| is_message).filter_map(|part| part["text"].as_str())
}

/// Why the response is not a complete answer; `None` if it is.
fn ended(body: &Value) -> Option<Ended> {
    let status = body["status"].as_str().unwrap_or("completed");
    match (status, reason(body)) {
        ("complete" | "completed", _) => None,
        ("incomplete", Some("max_output_tokens" | "max_tokens")) => Some(ending::cut()),
        ("incomplete", Some("content_filter")) => {
            Some((FailureKind::Filtered, "the answer was withheld by a content filter".to_owned()))
        }
        ("failed", _) => {
            Some((FailureKind::Overloaded { retry_after: None }, "the endpoint failed while answering".to_owned()))
        }
        ("queued" | "in_progress", _) if body["background"] == true => {
            let text =
                "the endpoint answers in the background, which is not supported; remove the parameter `background`";
            Some((FailureKind::InvalidRequest, text.to_owned()))
        }
        ("queued" | "in_progress", _) => {
            let text = format!("the endpoint sent an answer that has not ended: its status is `{status}`");
            Some((FailureKind::Transport, text))
        }
        (status, reason) => Some(ending::unknown(reason.unwrap_or(status))),
    }
}

/// Reads an item. Reasoning and items of tools that the endpoint runs itself become opaque parts.
fn read(item: &Value, parts: &mut Parts<'_>) {
    match item["type"].as_str() {
        Some("message") => {
            // Without it, a model takes a remark between its calls for its final answer.
            if let Some(phase) = item["phase"].as_str().filter(|phase| *phase != "final_answer") {
                parts.opaque(json!({ ITEM: {"type": "message", "phase": phase} }));
            }
            texts(item).for_each(|text| parts.text(text));
        }
        Some("function_call") => {
            let name = item["name"].as_str().unwrap_or_default();
            parts.call(item["call_id"].as_str(), name, arguments(item["arguments"].as_str().unwrap_or_default()));
        }
        Some("reasoning") if !can_go_back(item) => {}
        _ => parts.opaque(json!({ ITEM: item })),
    }
}

/// Whether reasoning is there in full, encrypted or as text. The endpoint cannot find it by its id, because nothing was stored.
fn can_go_back(reasoning: &Value) -> bool {
    let is_encrypted = reasoning["encrypted_content"].as_str().is_some_and(|text| !text.is_empty());
    is_encrypted || contents(reasoning).next().is_some()
}

/// The tokens used. Input includes cached tokens, output includes reasoning.
fn usage(usage: &Value) -> Usage {
    let at = |pointer: &str| usage.pointer(pointer).and_then(count);
    let counted = Usage {
        input_tokens: at("/input_tokens"),
        cached_input_tokens: at("/input_tokens_details/cached_tokens"),
        cache_write_tokens: at("/input_tokens_details/cache_write_tokens"),
        output_tokens: at("/output_tokens"),
        reasoning_tokens: at("/output_tokens_details/reasoning_tokens"),
    };
    counted.within(at("/total_tokens"))
}
