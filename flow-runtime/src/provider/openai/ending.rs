//! How a choice ended.

use serde_json::Value;

use crate::provider::FailureKind;
use crate::provider::http::ending::{self, Ended};

/// Finish reasons of a complete answer. Snowflake sends an empty one, older servers the name of their end token.
const COMPLETE: &[&str] = &["", "complete", "completed", "end_turn", "eos", "eos_token", "stop", "stop_sequence"];

/// Finish reasons with tool calls.
const CALLS: &[&str] = &["function_call", "tool_call", "tool_calls", "tool_use"];

/// Finish reasons of an answer cut at a token limit.
const CUT: &[&str] = &["length", "max_output_tokens", "max_tokens"];

/// Finish reasons of an answer cut at the end of the context: Mistral's, Z.ai's.
/// See <https://docs.mistral.ai/api/>, <https://docs.z.ai/api-reference/llm/chat-completion>.
const CONTEXT: &[&str] = &["model_context_window_exceeded", "model_length"];

/// Substrings of finish reasons that mean a filter; `sensitive` is Z.ai's.
const FILTERED: &[&str] = &["blocklist", "filter", "moderat", "prohibited", "recitation", "safety", "sensitive"];

/// Substrings of finish reasons that mean a server failure: `error` of gateways and Mistral, `network_error` of Z.ai,
/// `insufficient_system_resource` of DeepSeek, `abort` of vLLM and SGLang.
/// See <https://api-docs.deepseek.com/api/create-chat-completion>.
const FAILED: &[&str] = &["abort", "cancel", "error", "fail", "insufficient_system_resource", "timeout", "unavailable"];

/// Why the choice is not a complete answer; `None` if it is.
pub(super) fn ended(choice: &Value) -> Option<Ended> {
    if let Some(unended) = choice.get("finish_reason").and_then(ending::unended) {
        return Some(unended);
    }
    let given = choice["finish_reason"].as_str().unwrap_or_default();
    let reason = given.trim().to_lowercase();
    let is = |names: &[&str]| names.contains(&&reason[..]);
    let has = |parts: &[&str]| parts.iter().any(|part| reason.contains(part));
    if is(CUT) {
        return Some(ending::cut());
    }
    if is(CONTEXT) {
        return Some(ending::context_full());
    }
    if has(FILTERED) {
        return Some((FailureKind::Filtered, filtered(given)));
    }
    if has(FAILED) {
        let kind = FailureKind::Overloaded { retry_after: None };
        return Some((kind, format!("the endpoint failed while answering (`{}`)", super::line(given))));
    }
    (!is(COMPLETE) && !is(CALLS)).then(|| ending::unknown(given))
}

fn filtered(reason: &str) -> String {
    match reason {
        "content_filter" => "the answer was withheld by a content filter".to_owned(),
        other => format!("the answer was withheld by a content filter (`{}`)", super::line(other)),
    }
}
