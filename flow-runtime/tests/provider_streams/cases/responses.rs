//! Streams of OpenAI's Responses API.

use serde_json::{Value, json};

use super::Case;

fn events(events: &[Value]) -> Vec<u8> {
    let line = |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap());
    events.iter().map(line).collect::<String>().into_bytes()
}

/// A response as its final event has it.
fn response(status: &str, output: Value, usage: bool) -> Value {
    let usage = usage.then(|| json!({"input_tokens": 12, "output_tokens": 7, "total_tokens": 19}));
    json!({"id": "r1", "model": "gpt", "status": status, "error": null, "incomplete_details": null, "output": output, "usage": usage})
}

fn begun() -> Vec<Value> {
    vec![json!({"type": "response.created", "response": response("in_progress", json!([]), false)})]
}

fn ended(kind: &str, response: &Value) -> Vec<Value> {
    vec![json!({"type": format!("response.{kind}"), "response": response})]
}

fn pieces(kind: &str, index: u64, pieces: &[&str]) -> Vec<Value> {
    let kind = format!("response.{kind}.delta");
    pieces
        .iter()
        .map(|piece| json!({"type": kind, "output_index": index, "delta": piece, "obfuscation": "x"}))
        .collect()
}

/// An item that comes in pieces.
fn item(index: u64, item: &Value, middle: Vec<Value>) -> Vec<Value> {
    let event = |kind: &str, item: Value| json!({"type": kind, "output_index": index, "item": item});
    let added = event("response.output_item.added", json!({"type": item["type"], "id": item["id"], "content": []}));
    [vec![added], middle, vec![event("response.output_item.done", item.clone())]].concat()
}

fn message(text: &str) -> Value {
    json!({"type": "message", "id": "m1", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

fn call(id: &str, name: &str, arguments: &str) -> Value {
    json!({"type": "function_call", "id": "f1", "call_id": id, "name": name, "arguments": arguments, "status": "completed"})
}

pub(super) fn all() -> Vec<Case> {
    let case = |name, middle: Vec<Value>, kind: &'static str, body: Value, shown| Case {
        dialect: "responses",
        name,
        stream: events(&[begun(), middle, ended(kind, &body)].concat()),
        body,
        shown,
        mark: match kind {
            "completed" => "response.completed",
            "incomplete" => "response.incomplete",
            _ => "response.failed",
        },
    };
    let said = |text: &str, parts: &[&str]| item(0, &message(text), pieces("output_text", 0, parts));
    let thought = json!({"type": "reasoning", "id": "t1", "summary": [{"type": "summary_text", "text": "Hmm."}], "encrypted_content": "SIGN"});
    let refused = json!({"type": "message", "content": [{"type": "refusal", "refusal": "I cannot help."}]});
    let (ping, add) = (call("a", "ping", "{}"), call("b", "add", "{\"x\": 17}"));
    let remark =
        json!({"type": "message", "phase": "commentary", "content": [{"type": "output_text", "text": "One moment."}]});
    let mut cut = response("incomplete", json!([message("{\"years\"")]), true);
    cut["incomplete_details"] = json!({"reason": "max_output_tokens"});
    let mut failed = response("failed", json!([]), false);
    failed["error"] = json!({"code": "server_error", "message": "It broke."});
    let answer = || response("completed", json!([message("Grüß dich\n")]), true);
    let mut cases = vec![
        case("text", said("Grüß dich\n", &["Grüß", " dich\n"]), "completed", answer(), "Grüß dich\n"),
        case(
            "calls",
            [
                item(0, &remark, pieces("output_text", 0, &["One ", "moment."])),
                item(1, &ping, pieces("function_call_arguments", 1, &["{}"])),
                item(2, &add, pieces("function_call_arguments", 2, &["{\"x\"", ": 17}"])),
            ]
            .concat(),
            "completed",
            response("completed", json!([remark, ping, add]), true),
            "One moment.",
        ),
        case(
            "thinking",
            [
                item(0, &thought, pieces("reasoning_summary_text", 0, &["Hm", "m."])),
                item(1, &message("42"), pieces("output_text", 1, &["4", "2"])),
            ]
            .concat(),
            "completed",
            response("completed", json!([thought, message("42")]), true),
            "42",
        ),
        case(
            "refusal",
            item(0, &refused, pieces("refusal", 0, &["I cannot", " help."])),
            "completed",
            response("completed", json!([refused]), true),
            "",
        ),
        case("cut at the limit", pieces("output_text", 0, &["{\"years\""]), "incomplete", cut, "{\"years\""),
        case("failed midway", pieces("output_text", 0, &["Half"]), "failed", failed, "Half"),
        case(
            "text in one piece",
            said("42", &[]),
            "completed",
            response("completed", json!([message("42")]), true),
            "42",
        ),
        case("nothing but the end", Vec::new(), "completed", answer(), "Grüß dich\n"),
    ];
    let died = json!({"type": "error", "code": "rate_limit_exceeded", "message": "slow", "param": null});
    cases.push(Case {
        dialect: "responses",
        name: "error midway",
        stream: events(&[begun(), pieces("output_text", 0, &["Half"]), vec![died.clone()]].concat()),
        body: json!({"status": "in_progress", "error": died}),
        shown: "Half",
        mark: "\"error\"",
    });
    // The items arrive out of order, and the final event leaves them out.
    let items = [
        item(1, &add, pieces("function_call_arguments", 1, &["{\"x\": 17}"])),
        item(0, &ping, pieces("function_call_arguments", 0, &["{}"])),
    ];
    let events =
        events(&[begun(), items.concat(), ended("completed", &response("completed", json!([]), true))].concat());
    cases.push(Case {
        stream: events,
        ..case("no output at the end", Vec::new(), "completed", response("completed", json!([ping, add]), true), "")
    });
    cases
}
