//! Steps that do not fit what their server publishes, found before the first step.

use flow::prelude::*;
use serde_json::{Value, json};

use crate::support::{Scripted, text, tool};

#[contract]
#[derive(Debug, Clone)]
struct Found {
    hits: Vec<Hit>,
}

#[contract]
#[derive(Debug, Clone)]
struct Hit {
    number: u32,
    title: String,
}

#[contract]
#[derive(Debug, Clone)]
enum Order {
    Newest,
    Oldest,
}

#[step(mcp = "tracker/find", effect = none)]
async fn find(words: &str, limit: u32, order: Order, labels: Option<Vec<String>>) -> Result<Found>;

#[workflow]
async fn search(words: String) -> Result<Found> {
    find(&words, 3, Order::Newest, None).await
}

fn properties() -> Value {
    json!({
        "words": { "type": "string" },
        "limit": { "type": "integer" },
        "order": { "enum": ["Newest", "Oldest", "Best"] },
        "labels": { "type": "array", "items": { "type": "string" } },
    })
}

/// What a run says if the server publishes this tool.
async fn told(tool: Value) -> String {
    let script = json!({ "tools": [tool], "answers": { "find": text("{\"hits\": []}") } });
    let tracker = Scripted::new(script);
    let runtime = Runtime::builder().mcp("tracker", tracker.server()).build().unwrap();
    match runtime.run(search("a".to_owned())).await {
        Ok(_) => String::new(),
        Err(error) => {
            assert_eq!(*error.kind(), flow::ErrorKind::Setup);
            assert_eq!(tracker.lines(), ["started"], "no step has run");
            error.message().to_owned()
        }
    }
}

#[tokio::test]
async fn a_step_that_fits_runs() {
    assert_eq!(told(tool("find", properties(), &["words"])).await, "");
    assert_eq!(told(tool("find", properties(), &["words", "limit", "order"])).await, "");
}

#[tokio::test]
async fn every_difference_is_told_with_both_forms() {
    let mut other = properties();
    other["limit"] = json!({ "type": "string" });
    other["order"] = json!({ "enum": ["Newest"] });
    other["labels"]["items"] = json!({ "type": "integer" });
    other["project"] = json!({ "type": "string" });
    let text = told(tool("find", other, &["words", "project"])).await;
    for part in [
        "`search` cannot start: step `find` does not fit tool `tracker/find` as its server publishes it",
        "argument `limit`: the step sends integer, the tool accepts string",
        "argument `order`: the step sends one of \"Newest\", \"Oldest\", the tool accepts \"Newest\"",
        "argument `labels` at `[]`: the step sends string, the tool accepts integer",
        "argument `project`: the step sends nothing, the tool accepts string",
        "`mcp import tracker find`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn an_argument_that_the_tool_does_not_take_is_told() {
    let mut other = properties();
    let words = other["words"].take();
    other.as_object_mut().unwrap().remove("words");
    other["word"] = words;
    let text = told(tool("find", other, &[])).await;
    assert!(
        text.contains("argument `words`: the step sends it, the tool has no such argument; did you mean `word`?"),
        "{text}"
    );
}

#[tokio::test]
async fn a_tool_that_names_no_arguments_takes_any() {
    for input in [json!({ "type": "object" }), json!({}), json!({ "type": "object", "required": ["words"] })] {
        let mut open = tool("find", properties(), &[]);
        open["inputSchema"] = input;
        assert_eq!(told(open.clone()).await, "", "{open}");
    }
    let mut closed = tool("find", properties(), &[]);
    closed["inputSchema"] = json!({ "type": "object", "additionalProperties": false });
    let text = told(closed).await;
    assert!(text.contains("argument `words`: the step sends string, the tool accepts no such field"), "{text}");
    let only = told(tool("find", json!({ "limit": {} }), &["words"])).await;
    assert!(!only.contains("argument `words`") && only.contains("the tool has no such argument"), "{only}");
}

#[tokio::test]
async fn an_argument_that_may_be_absent_is_told_if_the_tool_requires_it() {
    let text = told(tool("find", properties(), &["labels"])).await;
    assert!(
        text.contains(
            "argument `labels`: the step sends a value that may be absent, the tool accepts a required value"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn the_output_is_compared_if_its_schema_is_published() {
    let output = |hit: Value| {
        let mut tool = tool("find", properties(), &[]);
        tool["outputSchema"] = json!({
            "type": "object", "properties": { "hits": { "type": "array", "items": hit } }, "required": ["hits"]
        });
        tool
    };
    let hit = json!({ "number": { "type": "integer" }, "title": { "type": "string" } });
    assert_eq!(told(output(json!({ "type": "object", "properties": hit, "required": ["number", "title"] }))).await, "");
    let text = told(output(json!({ "type": "object", "properties": hit, "required": ["number"] }))).await;
    assert!(text.contains("output at `.hits[].title`: the tool returns a value that may be absent"), "{text}");
}

#[tokio::test]
async fn a_tool_that_does_not_exist_is_told() {
    let text = told(tool("fidn", properties(), &[])).await;
    assert!(
        text.contains(
            "step `find` calls tool `find`, which server `tracker` does not have; did you mean `tracker/fidn`?"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let error = Runtime::builder().build().unwrap().run(search("a".to_owned())).await.unwrap_err();
    let text = "step `find` calls a tool of the server `tracker`, but no server has this name; add it with `.mcp(\"tracker\", …)`";
    assert!(error.message().contains(text), "{error}");
    let server = flow::mcp::Server::command("no-such-program-anywhere");
    let error =
        Runtime::builder().mcp("tracker", server).build().unwrap().run(search("a".to_owned())).await.unwrap_err();
    assert!(error.message().contains("server `tracker`: `no-such-program-anywhere` cannot be started"), "{error}");
}
