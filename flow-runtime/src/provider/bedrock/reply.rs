//! The body of a 200 response: an answer, or the reason for its absence.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::prompt::Content;
use crate::provider::http::ending::{self, Ended};
use crate::provider::http::{count, error};
use crate::provider::parts::Parts;
use crate::provider::{Failure, FailureKind, Reply, Usage};

/// Stop reasons of a complete answer.
const COMPLETE: &[&str] = &["end_turn", "stop_sequence", "tool_use"];

/// Stop reasons that mean a filter.
const FILTERED: &[&str] = &["content_filtered", "guardrail_intervened"];

/// Reads an answer, or the error that ended its stream. The caller adds status and body to failures.
pub(super) fn reply(body: &Value, provider: &str) -> Result<Reply, Failure> {
    let usage = usage(&body["usage"]);
    if body.get("error").is_some_and(|error| !error.is_null()) {
        return Err(error::classified(StatusCode::OK, &HeaderMap::new(), body).usage(usage));
    }
    let Some(blocks) = body.pointer("/output/message/content").and_then(Value::as_array) else {
        let text = "the body is not a response: it has no list `output.message.content`";
        return Err(Failure::new(FailureKind::Transport, text).usage(usage));
    };
    let finish_reason = body["stopReason"].as_str().map(str::to_owned);
    match ending::complete(said(blocks, Parts::of(provider, &Value::Null)), stopped(body)) {
        Ok(content) => Ok(Reply { content, usage, model: None, id: None, finish_reason }),
        Err(failure) => Err(Failure { finish_reason: finish_reason.map(Into::into), ..failure.usage(usage) }),
    }
}

/// Why the model stopped early.
fn stopped(body: &Value) -> Option<Ended> {
    if let Some(unended) = body.get("stopReason").and_then(ending::unended) {
        return Some(unended);
    }
    Some(match body["stopReason"].as_str()? {
        reason if COMPLETE.contains(&reason) => return None,
        "max_tokens" => ending::cut(),
        "model_context_window_exceeded" => ending::context_full(),
        "refusal" => (FailureKind::Refused, "the model refused".to_owned()),
        reason if FILTERED.contains(&reason) => {
            (FailureKind::Filtered, format!("the answer was withheld by a filter of Bedrock ({reason})"))
        }
        reason if reason.starts_with("malformed") => {
            (FailureKind::Transport, format!("the model's answer was malformed ({reason})"))
        }
        reason => ending::unknown(reason),
    })
}

/// Converts the blocks to parts. Text with citations is read without them. Calls of tools that the endpoint runs itself, and blocks of other kinds, become opaque.
fn said(blocks: &[Value], mut parts: Parts<'_>) -> Content {
    for block in blocks {
        let (call, cited) = (&block["toolUse"], block.pointer("/citationsContent/content").and_then(Value::as_array));
        match block["text"].as_str() {
            Some(text) => parts.text(text),
            None if cited.is_some() => {
                cited.into_iter().flatten().filter_map(|part| part["text"].as_str()).for_each(|text| parts.text(text));
            }
            None if call.is_object() && call["type"] != "server_tool_use" => {
                let name = call["name"].as_str().unwrap_or_default();
                let input = call.get("input").filter(|input| !input.is_null()).cloned();
                parts.call(call["toolUseId"].as_str(), name, input.unwrap_or_else(|| json!({})));
            }
            None if can_go_back(block) => parts.opaque(block.clone()),
            None => {}
        }
    }
    parts.content()
}

/// Whether a block may be sent back. Thoughts without a signature are only for display: models reject them.
fn can_go_back(block: &Value) -> bool {
    let Some(reasoning) = block.get("reasoningContent") else { return true };
    let signature = reasoning.pointer("/reasoningText/signature").and_then(Value::as_str);
    signature.is_some_and(|signature| !signature.is_empty()) || reasoning.get("redactedContent").is_some()
}

/// The tokens used. Bedrock counts cache reads, cache writes and other input separately.
fn usage(usage: &Value) -> Usage {
    let count = |key: &str| count(&usage[key]);
    let (read, write) = (count("cacheReadInputTokens"), count("cacheWriteInputTokens"));
    let parts = [count("inputTokens"), read, write];
    let known = parts.iter().any(Option::is_some);
    let counted = Usage {
        input_tokens: known.then(|| parts.into_iter().flatten().fold(0, u64::saturating_add)),
        cached_input_tokens: read,
        cache_write_tokens: write,
        output_tokens: count("outputTokens"),
        reasoning_tokens: None,
    };
    counted.within(count("totalTokens"))
}
