//! Servers in `flow.toml`, and the command `mcp import`.

use std::fs;
use std::path::Path;

use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use serde_json::json;

use crate::published::tools;
use crate::support::{PROGRAM, Scripted, text, tool};

#[step(mcp = "tracker/note", effect = idempotent)]
async fn note(text: &str) -> Result<String>;

#[workflow]
async fn noting(text: String) -> Result<String> {
    note(&text).await
}

/// A configuration with the server, whose variables come from the environment.
fn config(tracker: &Scripted) -> String {
    let file = tracker.folder().join("flow.toml");
    let text = format!(
        "[mcp.tracker]\ncommand = [{PROGRAM:?}]\nenv = {{ SCRIPT = {{ env = \"MY_SCRIPT\" }}, LOG = {:?} }}\n",
        tracker.log()
    );
    fs::write(&file, text).unwrap();
    file.into_os_string().into_string().unwrap()
}

async fn ran(tracker: &Scripted, words: &[&str]) -> Ran {
    let config = config(tracker);
    let invocation = Invocation::from([words, &["--config", &config]].concat());
    let script = tracker.script().into_os_string().into_string().unwrap();
    App::new().workflow(noting).try_run(invocation.variable("MY_SCRIPT", script)).await
}

fn tracker() -> Scripted {
    let tools = [tool("note", json!({ "text": { "type": "string" } }), &["text"])];
    Scripted::new(json!({ "tools": tools, "answers": { "note": text("noted") } }))
}

#[tokio::test]
async fn a_server_of_the_file_is_called() {
    let ran = ran(&tracker(), &["run", "--set", "text=a", "--quiet"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "\"noted\"\n"), "{}", ran.stderr);
}

#[tokio::test]
async fn offline_no_server_is_called() {
    let tracker = tracker();
    let ran = ran(&tracker, &["run", "--set", "text=a", "--offline"]).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("offline: no model is asked and no MCP server called"), "{}", ran.stderr);
    assert_eq!(tracker.lines(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_server_without_a_description_is_named() {
    let ran = App::new().workflow(noting).try_run(["run", "--set", "text=a"]).await;
    assert_eq!(ran.status, 1);
    assert!(
        ran.stderr.contains(
            "no server has this name; add it with `.mcp(\"tracker\", …)`, or as `[mcp.tracker]` in `flow.toml`"
        ),
        "{}",
        ran.stderr
    );
    let ran = App::new().workflow(noting).try_run(["mcp", "import", "tracker"]).await;
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("unknown server `tracker`; add `[mcp.tracker]` to `flow.toml`"), "{}", ran.stderr);
}

#[tokio::test]
async fn import_names_tools_that_do_not_exist() {
    let ran = ran(&tracker(), &["mcp", "import", "tracker", "note", "noet"]).await;
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("server `tracker` has no tool `noet`; did you mean `note`?"), "{}", ran.stderr);
}

/// The steps that are printed for a server with all kinds of tools. `imported.rs` is what was printed, so it compiles.
#[tokio::test]
async fn printed_steps_compile() {
    let tracker = Scripted::new(json!({ "tools": tools(), "answers": {} }));
    let ran = ran(&tracker, &["mcp", "import", "tracker"]).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp/imported.rs");
    if std::env::var_os("FLOW_REGENERATE").is_some() {
        fs::write(&file, format!("{HEAD}{}", ran.stdout)).unwrap();
    }
    let known = fs::read_to_string(&file).unwrap();
    assert_eq!(
        known.strip_prefix(HEAD).unwrap(),
        ran.stdout,
        "run the test with FLOW_REGENERATE=1 and review the difference"
    );
}

const HEAD: &str = "// Written by `printed_steps_compile` with FLOW_REGENERATE=1.\n#![allow(dead_code, unreachable_pub)]\n#![cfg_attr(rustfmt, rustfmt_skip)]\n\n";
