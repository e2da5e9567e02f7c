//! Servers that fail, die or change.

use flow::ErrorKind;
use flow::prelude::*;
use serde_json::{Value, json};

use crate::support::{Scripted, text, tool};

#[step(mcp = "tracker/note", effect = idempotent, retry(max_attempts = 3, initial_delay = "1ms"))]
async fn note(text: &str) -> Result<String>;

#[step(mcp = "tracker/send", effect = irreversible)]
async fn send(text: &str) -> Result<String>;

#[step(mcp = "tracker/change", effect = none)]
async fn change() -> Result<String>;

#[contract]
#[derive(Debug, Clone)]
struct Count {
    count: u32,
}

#[step(mcp = "tracker/count", effect = none)]
async fn count() -> Result<Count>;

fn script(answers: Value) -> Value {
    let words = json!({ "text": { "type": "string" } });
    json!({
        "tools": [
            tool("note", words.clone(), &["text"]),
            tool("send", words, &["text"]),
            tool("change", json!({}), &[]),
            tool("count", json!({}), &[]),
        ],
        "answers": answers,
    })
}

fn runtime(tracker: &Scripted) -> Runtime {
    Runtime::builder().mcp("tracker", tracker.server()).build().unwrap()
}

#[tokio::test]
async fn a_killed_server_is_started_again_by_the_next_attempt() {
    let tracker = Scripted::new(script(json!({ "note": "die" })));
    let runtime = runtime(&tracker);
    let error = runtime.step(note("a")).await.unwrap_err();
    assert!(error.is_retryable() && error.message().contains("the connection to the server was lost"), "{error}");
    assert!(error.message().contains("its last words were: out of memory"), "{error}");
    assert_eq!(tracker.starts(), 3, "each attempt starts it");
    tracker.rewrite(script(json!({ "note": text("noted") })));
    assert_eq!(runtime.step(note("a")).await.unwrap(), "noted");
    assert_eq!(tracker.starts(), 4);
}

#[tokio::test]
async fn an_irreversible_call_that_was_cut_off_has_an_unknown_outcome() {
    let tracker = Scripted::new(script(json!({ "send": "die" })));
    let error = runtime(&tracker).step(send("a")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::UnknownOutcome, "{error}");
}

#[tokio::test]
async fn a_reported_failure_is_terminal_and_in_the_words_of_the_tool() {
    let failed = json!({ "isError": true, "content": [{ "type": "text", "text": "no such page" }] });
    let tracker = Scripted::new(script(json!({ "note": failed })));
    let error = runtime(&tracker).step(note("a")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Terminal);
    assert_eq!(error.message(), "tool `tracker/note` failed: no such page");
    assert_eq!(tracker.lines().len(), 2, "one attempt");
}

#[tokio::test]
async fn a_rejected_call_is_terminal_unless_the_error_is_internal() {
    let rejected = |code: i32| json!({ "note": { "error": { "code": code, "message": "no" } } });
    let tracker = Scripted::new(script(rejected(-32602)));
    let error = runtime(&tracker).step(note("a")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Terminal, "{error}");
    let tracker = Scripted::new(script(rejected(-32603)));
    let error = runtime(&tracker).step(note("a")).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert_eq!((tracker.lines().len(), tracker.starts()), (4, 1), "three attempts on one connection");
}

#[tokio::test]
async fn a_result_that_breaks_the_contract_is_told_by_pointer() {
    let wrong = json!({ "content": [], "structuredContent": { "count": "many" } });
    let tracker = Scripted::new(script(json!({ "count": wrong })));
    let error = runtime(&tracker).step(count()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContractViolated { .. }), "{error}");
    assert!(error.to_string().contains("at `/count`: expected integer"), "{error}");
    let tracker = Scripted::new(script(json!({ "count": text("many") })));
    let error = runtime(&tracker).step(count()).await.unwrap_err();
    assert!(error.message().contains("the text is not JSON"), "{error}");
}

#[tokio::test]
async fn a_call_without_an_answer_times_out_and_the_connection_stays() {
    let tracker = Scripted::new(script(json!({ "note": "hang", "count": text("{\"count\": 1}") })));
    let runtime = runtime(&tracker);
    let error = runtime.step(note("a").timeout("200ms")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TimedOut { .. }), "{error}");
    assert_eq!(runtime.step(count()).await.unwrap().count, 1);
    assert_eq!(tracker.starts(), 1);
}

#[tokio::test]
async fn a_server_that_changes_is_checked_again() {
    let mut first = script(json!({ "change": text("ok"), "note": text("noted") }));
    let mut then = script(json!({ "note": text("noted") }));
    then["tools"][0]["inputSchema"]["required"] = json!(["text", "author"]);
    then["tools"][0]["inputSchema"]["properties"]["author"] = json!({ "type": "string" });
    first["then"] = then.clone();
    let tracker = Scripted::new(first);
    let runtime = runtime(&tracker);
    assert_eq!(runtime.step(note("a")).await.unwrap(), "noted");
    assert_eq!(runtime.step(change()).await.unwrap(), "ok");
    let error = runtime.step(note("a")).await.unwrap_err();
    let text = "argument `author`: the step sends nothing, the tool accepts string";
    assert!(*error.kind() == ErrorKind::Setup && error.message().contains(text), "{error}");
    assert_eq!(tracker.starts(), 1);
}

#[tokio::test]
async fn a_server_is_ended_with_the_runtime() {
    let tracker = Scripted::new(script(json!({ "note": text("noted") })));
    let runtime = runtime(&tracker);
    runtime.step(note("a")).await.unwrap();
    drop(runtime);
    while !tracker.lines().contains(&"ended".to_owned()) {
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
}
