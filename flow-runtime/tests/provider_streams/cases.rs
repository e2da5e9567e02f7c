//! Streams, each with the body that says the same at once.

#[cfg(feature = "bedrock")]
mod bedrock;
mod gemini;
mod responses;

use serde_json::{Value, json};

/// A stream and what it says.
pub(crate) struct Case {
    /// `openai`, `responses`, `anthropic`, `gemini` or `bedrock`; `tool` for Anthropic with a schema that the answer tool enforces.
    pub(crate) dialect: &'static str,
    pub(crate) name: &'static str,
    pub(crate) stream: Vec<u8>,
    /// The body of the same answer, sent at once.
    pub(crate) body: Value,
    /// The text that is shown while it arrives.
    pub(crate) shown: &'static str,
    /// What the event that ends the answer contains; whatever comes before it is not an answer.
    pub(crate) mark: &'static str,
}

impl Case {
    /// The content type of the stream.
    pub(crate) fn kind(&self) -> &'static str {
        if self.dialect == "bedrock" { "application/vnd.amazon.eventstream" } else { "text/event-stream" }
    }
}

fn chat(chunks: &[Value]) -> Vec<u8> {
    let mut stream: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    stream.push_str("data: [DONE]\n\n");
    stream.into_bytes()
}

/// A chunk with a delta.
fn delta(delta: Value) -> Value {
    json!({"id": "c1", "model": "m-1", "choices": [{"index": 0, "delta": delta, "finish_reason": null}], "usage": null})
}

fn last(reason: &str) -> Value {
    json!({"id": "c1", "model": "m-1", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

fn counted() -> Value {
    json!({"id": "c1", "model": "m-1", "choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 7}})
}

/// A completion that comes at once.
fn completion(message: Value, reason: &str) -> Value {
    let usage = json!({"prompt_tokens": 12, "completion_tokens": 7});
    json!({"id": "c1", "model": "m-1", "choices": [{"message": message, "finish_reason": reason}], "usage": usage})
}

fn call(index: u64, id: &str, name: &str) -> Value {
    delta(json!({"tool_calls": [
        {"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}},
    ]}))
}

fn more(index: u64, arguments: &str) -> Value {
    delta(json!({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]}))
}

fn called(id: &str, name: &str, arguments: &str) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
}

fn openai() -> Vec<Case> {
    let case = |name, chunks: &[Value], body, shown, mark| Case {
        dialect: "openai",
        name,
        stream: chat(chunks),
        body,
        shown,
        mark,
    };
    let detail = |text: &str| json!([{"type": "reasoning.text", "index": 0, "text": text}]);
    let calls = json!([called("a", "ping", "{}"), called("b", "add", "{\"x\": 17}")]);
    let died = json!({"error": {"code": 502, "message": "upstream died"}});
    vec![
        case(
            "text",
            &[
                delta(json!({"role": "assistant", "content": ""})),
                delta(json!({"content": "Grüß"})),
                delta(json!({"content": " dich\n"})),
                last("stop"),
                counted(),
            ],
            completion(json!({"content": "Grüß dich\n"}), "stop"),
            "Grüß dich\n",
            "\"stop\"",
        ),
        case(
            "calls",
            &[
                delta(json!({"content": "One moment."})),
                call(0, "a", "ping"),
                more(0, "{"),
                call(1, "b", "add"),
                more(1, "{\"x\""),
                more(0, "}"),
                more(1, ": 17}"),
                last("tool_calls"),
                counted(),
            ],
            completion(json!({"content": "One moment.", "tool_calls": calls}), "tool_calls"),
            "One moment.",
            "\"finish_reason\":\"tool_calls\"",
        ),
        case(
            "thinking",
            &[
                delta(json!({"reasoning": "Hm", "reasoning_details": detail("Hm")})),
                delta(json!({"reasoning": "m.", "reasoning_details": detail("m.")})),
                delta(json!({"content": "4"})),
                last("stop"),
                counted(),
            ],
            completion(json!({"content": "4", "reasoning": "Hmm.", "reasoning_details": detail("Hmm.")}), "stop"),
            "4",
            "\"stop\"",
        ),
        case(
            "thoughts in the content",
            &[
                delta(json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}]})),
                delta(json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "m."}]}]})),
                delta(json!({"content": "4"})),
                delta(json!({"content": "2"})),
                last("stop"),
                counted(),
            ],
            completion(
                json!({"content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "Hmm."}]}, {"type": "text", "text": "42"},
                ]}),
                "stop",
            ),
            "42",
            "\"stop\"",
        ),
        case(
            "refusal",
            &[
                delta(json!({"content": null, "refusal": ""})),
                delta(json!({"refusal": "I cannot"})),
                delta(json!({"refusal": " help."})),
                last("stop"),
                counted(),
            ],
            completion(json!({"content": null, "refusal": "I cannot help."}), "stop"),
            "",
            "\"stop\"",
        ),
        case(
            "cut at the limit",
            &[delta(json!({"content": "{\"years\""})), last("length"), counted()],
            completion(json!({"content": "{\"years\""}), "length"),
            "{\"years\"",
            "\"length\"",
        ),
        case(
            "error midway",
            &[delta(json!({"content": "Half"})), died.clone()],
            json!({"id": "c1", "error": died["error"], "choices": []}),
            "Half",
            "\"error\"",
        ),
        case(
            "error in the choice",
            &[
                delta(json!({"content": "Half"})),
                json!({"choices": [{"index": 0, "finish_reason": "error", "error": {"code": 429, "message": "slow"}}],
                    "usage": {"prompt_tokens": 12, "completion_tokens": 7}}),
            ],
            json!({"choices": [{"finish_reason": "error", "error": {"code": 429, "message": "slow"}}],
                "usage": {"prompt_tokens": 12, "completion_tokens": 7}}),
            "Half",
            "\"error\"",
        ),
    ]
}

fn message(events: &[Value]) -> Vec<u8> {
    let line = |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap());
    events.iter().map(line).collect::<String>().into_bytes()
}

fn begun() -> Value {
    let usage = json!({"input_tokens": 51, "cache_read_input_tokens": 8, "output_tokens": 1});
    let message =
        json!({"id": "m1", "model": "claude", "role": "assistant", "content": [], "stop_reason": null, "usage": usage});
    json!({"type": "message_start", "message": message})
}

fn block(index: u64, block: Value, deltas: &[Value]) -> Vec<Value> {
    let start = json!({"type": "content_block_start", "index": index, "content_block": block});
    let delta = |delta: &Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let stop = json!({"type": "content_block_stop", "index": index});
    [start].into_iter().chain(deltas.iter().map(delta)).chain([stop]).collect()
}

fn ended(delta: Value) -> Vec<Value> {
    let usage = json!({"input_tokens": 51, "cache_read_input_tokens": 8, "output_tokens": 13});
    vec![json!({"type": "message_delta", "delta": delta, "usage": usage}), json!({"type": "message_stop"})]
}

fn anthropic() -> Vec<Case> {
    let case = |dialect, name, middle: Vec<Value>, end: Value, content: Value, shown| {
        let usage = json!({"input_tokens": 51, "cache_read_input_tokens": 8, "output_tokens": 13});
        let mut body = json!({"id": "m1", "model": "claude", "content": content, "usage": usage});
        body.as_object_mut().unwrap().extend(end.as_object().unwrap().clone());
        let events = [vec![begun(), json!({"type": "ping"})], middle, ended(end)].concat();
        Case { dialect, name, stream: message(&events), body, shown, mark: "\"message_stop\"" }
    };
    let text = |index, pieces: &[&str]| {
        let deltas: Vec<_> = pieces.iter().map(|text| json!({"type": "text_delta", "text": text})).collect();
        block(index, json!({"type": "text", "text": ""}), &deltas)
    };
    let tool = |index, pieces: &[&str]| {
        let piece = |piece: &&str| json!({"type": "input_json_delta", "partial_json": piece});
        let start = json!({"type": "tool_use", "id": format!("t{index}"), "name": "add", "input": {}});
        block(index, start, &pieces.iter().map(piece).collect::<Vec<_>>())
    };
    let used =
        |index: u64, input| json!({"type": "tool_use", "id": format!("t{index}"), "name": "add", "input": input});
    let thought = block(
        0,
        json!({"type": "thinking", "thinking": "", "signature": ""}),
        &[
            json!({"type": "thinking_delta", "thinking": "Hm"}),
            json!({"type": "thinking_delta", "thinking": "m."}),
            json!({"type": "signature_delta", "signature": "SIGN"}),
        ],
    );
    let died = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    vec![
        case(
            "anthropic",
            "text",
            text(0, &["Grüß", " dich\n"]),
            json!({"stop_reason": "end_turn"}),
            json!([{"type": "text", "text": "Grüß dich\n"}]),
            "Grüß dich\n",
        ),
        case(
            "anthropic",
            "calls",
            [text(0, &["One moment."]), tool(1, &[""]), tool(2, &["{\"x\"", ": 17}"])].concat(),
            json!({"stop_reason": "tool_use"}),
            json!([{"type": "text", "text": "One moment."}, used(1, json!({})), used(2, json!({"x": 17}))]),
            "One moment.",
        ),
        case(
            "anthropic",
            "thinking",
            [thought, text(1, &["391"])].concat(),
            json!({"stop_reason": "end_turn"}),
            json!([{"type": "thinking", "thinking": "Hmm.", "signature": "SIGN"}, {"type": "text", "text": "391"}]),
            "391",
        ),
        case(
            "anthropic",
            "refusal",
            Vec::new(),
            json!({"stop_reason": "refusal", "stop_details": {"category": "cyber", "explanation": "Not allowed."}}),
            json!([]),
            "",
        ),
        case(
            "anthropic",
            "cut at the limit",
            tool(0, &["{\"x\": 1"]),
            json!({"stop_reason": "max_tokens"}),
            json!([used(0, json!({}))]),
            "",
        ),
        case(
            "tool",
            "answer tool",
            tool(0, &["{\"years\"", ": 4}"]),
            json!({"stop_reason": "tool_use"}),
            json!([used(0, json!({"years": 4}))]),
            "{\"years\": 4}",
        ),
        case(
            "tool",
            "answer without its tool",
            text(0, &["I do ", "not know."]),
            json!({"stop_reason": "end_turn"}),
            json!([{"type": "text", "text": "I do not know."}]),
            "I do not know.",
        ),
        Case {
            dialect: "anthropic",
            name: "error midway",
            stream: message(&[vec![begun()], text(0, &["Half"]), vec![died.clone()]].concat()),
            body: json!({"error": died["error"], "usage": begun()["message"]["usage"]}),
            shown: "Half",
            mark: "\"error\"",
        },
    ]
}

pub(crate) fn all() -> Vec<Case> {
    let all = [openai(), responses::all(), anthropic(), gemini::all()];
    #[cfg(feature = "bedrock")]
    let all = all.into_iter().chain([bedrock::all()]);
    all.into_iter().flatten().collect()
}
