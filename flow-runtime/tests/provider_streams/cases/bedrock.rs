//! Streams of Bedrock's Converse API.

use serde_json::{Value, json};

use super::Case;
use crate::frames::{event, exception};

fn begun() -> Vec<u8> {
    event("messageStart", &json!({"p": "abcdef", "role": "assistant"}))
}

fn start(index: u64, start: Value) -> Vec<u8> {
    event("contentBlockStart", &json!({"contentBlockIndex": index, "start": start}))
}

fn delta(index: u64, delta: Value) -> Vec<u8> {
    event("contentBlockDelta", &json!({"contentBlockIndex": index, "delta": delta, "p": "abcdefghijkl"}))
}

fn stop(index: u64) -> Vec<u8> {
    event("contentBlockStop", &json!({"contentBlockIndex": index}))
}

fn text(index: u64, pieces: &[&str]) -> Vec<u8> {
    let pieces = pieces.iter().map(|piece| delta(index, json!({"text": piece})));
    pieces.chain([stop(index)]).collect::<Vec<_>>().concat()
}

fn tool(index: u64, pieces: &[&str]) -> Vec<u8> {
    let call = start(index, json!({"toolUse": {"toolUseId": format!("t{index}"), "name": "add"}}));
    let pieces = pieces.iter().map(|piece| delta(index, json!({"toolUse": {"input": piece}})));
    [call].into_iter().chain(pieces).chain([stop(index)]).collect::<Vec<_>>().concat()
}

fn used(index: u64, input: Value) -> Value {
    json!({"toolUse": {"toolUseId": format!("t{index}"), "name": "add", "input": input}})
}

fn stopped(reason: &str) -> Vec<u8> {
    event("messageStop", &json!({"p": "abc", "stopReason": reason}))
}

fn usage() -> Value {
    json!({"inputTokens": 12, "outputTokens": 7, "totalTokens": 19})
}

fn counted() -> Vec<u8> {
    event("metadata", &json!({"metrics": {"latencyMs": 9}, "p": "abcd", "usage": usage()}))
}

fn body(content: Value, reason: &str) -> Value {
    json!({"output": {"message": {"role": "assistant", "content": content}}, "stopReason": reason, "usage": usage(),
        "metrics": {"latencyMs": 9}})
}

fn thought() -> Vec<u8> {
    let piece = |piece: Value| delta(0, json!({"reasoningContent": piece}));
    let pieces = [json!({"text": "Hm"}), json!({"text": "m."}), json!({"text": ""}), json!({"signature": "SIGN"})];
    pieces.map(piece).into_iter().chain([stop(0)]).collect::<Vec<_>>().concat()
}

pub(super) fn all() -> Vec<Case> {
    let case = |name, middle: &[Vec<u8>], reason: &str, content: Value, shown| Case {
        dialect: "bedrock",
        name,
        stream: [begun(), middle.concat(), stopped(reason), counted()].concat(),
        body: body(content, reason),
        shown,
        mark: "\"stopReason\"",
    };
    let signed = json!({"reasoningContent": {"reasoningText": {"text": "Hmm.", "signature": "SIGN"}}});
    let redacted = json!({"reasoningContent": {"redactedContent": "cmVk"}});
    let died = |kind: &str, stream: Vec<u8>| Case {
        dialect: "bedrock",
        name: "error midway",
        stream: [stream, exception(kind, &json!({"message": "slow down"}).to_string())].concat(),
        body: json!({"error": {"type": kind, "message": "slow down"}}),
        shown: "Half",
        mark: "slow down",
    };
    vec![
        case("text", &[text(0, &["Grüß", " dich\n"])], "end_turn", json!([{"text": "Grüß dich\n"}]), "Grüß dich\n"),
        case(
            "calls",
            &[text(0, &["One moment."]), tool(1, &[""]), tool(2, &["{\"x\"", ": 17}"])],
            "tool_use",
            json!([{"text": "One moment."}, used(1, json!({})), used(2, json!({"x": 17}))]),
            "One moment.",
        ),
        case("thinking", &[thought(), text(1, &["391"])], "end_turn", json!([signed, {"text": "391"}]), "391"),
        case(
            "hidden thinking",
            &[delta(0, json!({"reasoningContent": {"redactedContent": "cmVk"}})), stop(0), text(1, &["391"])],
            "end_turn",
            json!([redacted, {"text": "391"}]),
            "391",
        ),
        case(
            "citations",
            &[
                text(0, &["In "]),
                delta(1, json!({"text": "Paris"})),
                delta(1, json!({"citation": {"title": "Atlas"}})),
                stop(1),
            ],
            "end_turn",
            json!([{"text": "In "}, {"citationsContent": {"content": [{"text": "Paris"}], "citations": [{"title": "Atlas"}]}}]),
            "In Paris",
        ),
        case("refusal", &[], "refusal", json!([]), ""),
        case("filter", &[text(0, &["Half"])], "guardrail_intervened", json!([{"text": "Half"}]), "Half"),
        case("cut at the limit", &[tool(0, &["{\"x\": 1"])], "max_tokens", json!([used(0, json!("{\"x\": 1"))]), ""),
        // The counts may come first, and blocks side by side.
        Case {
            stream: [
                delta(1, json!({"text": "d"})),
                delta(0, json!({"reasoningContent": {"text": "Hmm.", "signature": "SIGN"}})),
                delta(1, json!({"text": "ich"})),
                counted(),
                stopped("end_turn"),
            ]
            .concat(),
            ..case("out of order", &[], "end_turn", json!([signed, {"text": "dich"}]), "dich")
        },
        died("throttlingException", [begun(), text(0, &["Half"])].concat()),
        died("modelStreamErrorException", [begun(), delta(0, json!({"text": "Half"}))].concat()),
    ]
}
