//! Servers that fail, die or change.

use std::sync::atomic::{AtomicBool, Ordering};

use flow::ErrorKind;
use flow::mcp::{Connected, Server, ServerFailure, ToolServer};
use flow::prelude::*;
use flow::provider::BoxFuture;
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
    assert!(!error.to_string().contains("out of memory"), "{error}");
    let cause = "caused by: its standard error ends with\n  |     the server speaks\n  |     out of memory";
    assert!(format!("{error:?}").contains(cause), "{error:?}");
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
async fn an_irreversible_call_with_an_internal_error_has_an_unknown_outcome() {
    let rejected = |code: i32| json!({ "send": { "error": { "code": code, "message": "upstream" } } });
    for (code, kind) in [
        (-32603, ErrorKind::UnknownOutcome),
        (-32001, ErrorKind::UnknownOutcome),
        (504, ErrorKind::UnknownOutcome),
        (-32602, ErrorKind::Terminal),
    ] {
        let tracker = Scripted::new(script(rejected(code)));
        let error = runtime(&tracker).step(send("a")).await.unwrap_err();
        assert_eq!(*error.kind(), kind, "{code}: {error}");
        assert_eq!(tracker.lines().len(), 2, "{code}: one call");
    }
}

#[step(mcp = "tracker/send", effect = irreversible)]
async fn send_and_count(text: &str) -> Result<Count>;

#[tokio::test]
async fn an_irreversible_call_whose_result_cannot_be_read_has_an_unknown_outcome() {
    for answer in [text("sent"), text("{\"count\": \"many\"}")] {
        let tracker = Scripted::new(script(json!({ "send": answer })));
        let error = runtime(&tracker).step(send_and_count("a")).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::UnknownOutcome, "{error}");
    }
}

#[tokio::test]
async fn an_irreversible_step_whose_server_does_not_start_has_done_nothing() {
    let server = Server::command("no-such-program-anywhere");
    let tracker = Scripted::new(script(json!({ "send": text("sent") })));
    let runtime = Runtime::builder().mcp("tracker", Replaced(server, tracker.server(), AtomicBool::new(false))).build();
    let error = runtime.unwrap().step(send("a")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Setup, "{error}");
}

/// A server that is there for the check, and not for the call.
struct Replaced(Server, Server, AtomicBool);

impl ToolServer for Replaced {
    fn connect(&self) -> BoxFuture<'_, std::result::Result<Connected, ServerFailure>> {
        match self.2.swap(true, Ordering::SeqCst) {
            false => self.1.connect(),
            true => self.0.connect(),
        }
    }
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
async fn a_server_that_changes_without_notice_is_checked_once_it_rejects_a_call() {
    let rejected = json!({ "error": { "code": -32602, "message": "author is missing" } });
    let tracker = Scripted::new(script(json!({ "note": rejected })));
    let runtime = runtime(&tracker);
    let error = runtime.step(note("a")).await.unwrap_err();
    assert_eq!(error.message(), "tool `tracker/note`: the server rejects the call: author is missing (code -32602)");
    let mut changed = script(json!({ "note": rejected }));
    changed["tools"][0]["inputSchema"]["required"] = json!(["text", "author"]);
    changed["tools"][0]["inputSchema"]["properties"]["author"] = json!({ "type": "string" });
    changed["silently"] = true.into();
    tracker.rewrite(changed);
    let error = runtime.step(note("a")).await.unwrap_err();
    assert!(error.message().contains("argument `author`: the step sends nothing"), "{error}");
    assert_eq!(tracker.starts(), 1);
}

#[tokio::test]
async fn a_slow_start_is_awaited_once_by_all_and_survives_a_timeout() {
    let mut slow = script(json!({ "note": text("noted") }));
    slow["start_ms"] = 300.into();
    let tracker = Scripted::new(slow);
    let runtime = runtime(&tracker);
    let steps = (0..5).map(|_| runtime.step(note("a").timeout("100ms")));
    for said in futures_util::future::join_all(steps).await {
        assert_eq!(said.unwrap(), "noted", "the timeout counts the call alone");
    }
    assert_eq!(tracker.starts(), 1);
}

#[tokio::test]
async fn a_server_that_does_not_start_is_told_once_with_what_it_wrote() {
    let mut broken = script(json!({}));
    broken["start"] = "die".into();
    let tracker = Scripted::new(broken);
    let error = runtime(&tracker).run(both("a".to_owned())).await.unwrap_err();
    let text = "`both` cannot start: server `tracker`: cannot connect: the connection was closed before the MCP handshake; its standard error ends with\n    the server speaks\n    no database";
    assert_eq!(error.message(), text);
    assert_eq!(tracker.starts(), 1, "one attempt for both steps");
}

#[workflow]
async fn both(text: String) -> Result<u32> {
    note(&text).await?;
    Ok(count().await?.count)
}

#[tokio::test]
async fn a_finished_run_is_read_without_its_servers() {
    let tracker = Scripted::new(script(json!({ "note": text("noted"), "count": text("{\"count\": 1}") })));
    let journal = flow::journal::Memory::new();
    let runtime = Runtime::builder().mcp("tracker", tracker.server()).journal(journal.clone()).build().unwrap();
    assert_eq!(runtime.run(both("a".to_owned()).id("one")).await.unwrap(), 1);
    let gone = Server::command("no-such-program-anywhere");
    let runtime = Runtime::builder().mcp("tracker", gone).journal(journal).build().unwrap();
    assert_eq!(runtime.run(both("a".to_owned()).id("one")).await.unwrap(), 1);
    let error = runtime.run(both("a".to_owned()).id("two")).await.unwrap_err();
    assert!(error.message().contains("`both` cannot start"), "{error}");
}

#[tokio::test]
async fn what_is_not_text_is_named_among_the_texts() {
    let image = json!({ "type": "image", "data": "aGk=", "mimeType": "image/png" });
    let file = json!({ "type": "resource", "resource": { "uri": "file:///a.txt", "mimeType": "text/plain", "text": "the file" } });
    let link = json!({ "type": "resource_link", "uri": "file:///b.txt", "name": "b" });
    let mixed = json!({ "content": [{ "type": "text", "text": "found" }, file, image, link] });
    let tracker = Scripted::new(script(json!({ "note": mixed })));
    let said = runtime(&tracker).step(note("a")).await.unwrap();
    assert_eq!(said, "found\nthe file\n[image: image/png]\n[link: file:///b.txt]");
    let tracker = Scripted::new(script(json!({ "note": { "content": [image] } })));
    let error = runtime(&tracker).step(note("a")).await.unwrap_err();
    assert!(
        error.message().ends_with("the answer has no text and no structured result, only image: image/png"),
        "{error}"
    );
}

#[tokio::test]
async fn garbage_on_standard_output_is_skipped() {
    let mut chatty = script(json!({ "note": text("noted") }));
    chatty["garbage"] = true.into();
    let tracker = Scripted::new(chatty);
    assert_eq!(runtime(&tracker).step(note("a")).await.unwrap(), "noted");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_is_ended_with_all_that_it_has_started() {
    let tracker = Scripted::new(script(json!({ "note": text("noted") })));
    let inner = Server::command("sh").args([
        "-c".to_owned(),
        format!("sleep 1000 & echo $! > {}; {}", tracker.folder().join("pid").display(), crate::support::PROGRAM),
    ]);
    let runtime = Runtime::builder().mcp("tracker", tracker.described(inner)).build().unwrap();
    runtime.step(note("a")).await.unwrap();
    let pid = std::fs::read_to_string(tracker.folder().join("pid")).unwrap();
    drop(runtime);
    tracker.until("ended").await;
    let is_alive = || std::process::Command::new("kill").args(["-0", pid.trim()]).output().unwrap().status.success();
    while is_alive() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_server_is_ended_with_the_runtime() {
    let tracker = Scripted::new(script(json!({ "note": text("noted") })));
    let runtime = runtime(&tracker);
    runtime.step(note("a")).await.unwrap();
    drop(runtime);
    tracker.until("ended").await;
}
