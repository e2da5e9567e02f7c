//! What a step sends and returns.

use flow::prelude::*;
use flow::testing::{answer, call};
use serde_json::json;

use crate::support::{Scripted, structured, text, tool};

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Issue {
    number: u32,
    title: String,
}

/// Create an issue.
#[step(mcp = "tracker/create_issue", effect = idempotent, timeout = "30s", gate = titled)]
async fn create_issue(title: &str, #[serde(rename = "longText")] body: Option<String>) -> Result<Issue>;

#[gate]
fn titled(issue: &Issue) -> Verdict {
    Verdict::ensure(!issue.title.is_empty(), "the issue has no title")
}

#[step(mcp = "tracker/note", effect = none)]
async fn note(text: &str) -> Result<String>;

#[step(mcp = "tracker/log", effect = idempotent)]
async fn log(text: &str) -> Result<()>;

#[workflow]
async fn report(title: String) -> Result<(Issue, String)> {
    let issue = create_issue(&title, None).await?;
    let more = create_issue(&issue.title, Some("more".to_owned())).await?;
    log(&more.title).await?;
    let said = note(&more.title).await?;
    Ok((more, said))
}

fn tracker() -> Scripted {
    let issue = json!({ "title": { "type": "string" }, "longText": { "type": "string" } });
    let words = json!({ "text": { "type": "string" } });
    Scripted::new(json!({
        "tools": [tool("create_issue", issue, &["title"]), tool("note", words.clone(), &["text"]), tool("log", words, &["text"])],
        "answers": {
            "create_issue": structured(json!({ "number": 7, "title": "broken" })),
            "note": text("noted"),
            "log": text("whatever"),
        },
    }))
}

#[tokio::test]
async fn arguments_are_sent_by_name_and_results_come_back_as_contracts() {
    let tracker = tracker();
    let runtime = Runtime::builder().mcp("tracker", tracker.server()).build().unwrap();
    let (issue, said) = runtime.run(report("It broke".to_owned())).await.unwrap();
    assert_eq!((issue, said.as_str()), (Issue { number: 7, title: "broken".into() }, "noted"));
    let lines = tracker.lines();
    assert_eq!(lines[0], "started");
    let sent: Vec<serde_json::Value> = lines[1..].iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(sent[0]["arguments"], json!({ "title": "It broke" }), "what is `None` is left out");
    assert_eq!(sent[1]["arguments"], json!({ "title": "broken", "longText": "more" }));
    assert_eq!((sent.len(), tracker.starts()), (4, 1), "one process for all calls");
}

#[tokio::test]
async fn the_kind_is_shown() {
    let graph = flow::graph(&report);
    assert!(graph.to_mermaid().contains("create_issue<br/>tool tracker/create_issue<br/>gate titled<br/>idempotent"));
    let json = graph.to_json();
    let node = &json["graph"]["nodes"][0];
    assert_eq!((&node["kind"], &node["policy"]["mcp"]), (&json!("mcp"), &json!("tracker/create_issue")));
}

#[tokio::test]
async fn attempts_are_recorded_and_a_finished_step_is_not_called_again() {
    let tracker = tracker();
    let journal = flow::journal::Memory::new();
    let build = || Runtime::builder().mcp("tracker", tracker.server()).journal(journal.clone()).build().unwrap();
    let first = build().run(report("It broke".to_owned()).id("one")).await.unwrap();
    let again = build().run(report("It broke".to_owned()).id("one")).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(tracker.lines().iter().filter(|line| line.contains("create_issue")).count(), 2);
    let records = build().records(&flow::run::RunId::named("one")).await.unwrap();
    let records: Vec<_> = records.iter().map(|record| serde_json::to_value(record).unwrap()).collect();
    let attempts = records.iter().filter(|record| record["record"] == "attempt").count();
    assert_eq!(attempts, 4, "{records:#?}");
}

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(model = SMART, prompt = "{{ question }}", tools = [create_issue], max_turns = 3)]
async fn resolve(question: &str) -> Result<String>;

#[workflow]
async fn support(question: String) -> Result<String> {
    resolve(&question).await
}

#[tokio::test]
async fn a_test_answers_the_step_like_any_other() {
    let (runtime, happened) = Runtime::test()
        .answer(create_issue, Issue { number: 1, title: "a".into() })
        .turns(resolve, [call(create_issue, json!({ "title": "a", "body": null })), answer("done".to_owned())])
        .build()
        .unwrap();
    assert_eq!(runtime.run(support("Help".to_owned())).await.unwrap(), "done");
    assert!(happened.lines().contains(&"did step resolve/turn[1]/create_issue".to_owned()), "{happened:?}");
    let error = Runtime::test().run(report("a".to_owned())).await.unwrap_err();
    assert!(error.message().contains("the test has no answer for step `create_issue`"), "{error}");
}

#[tokio::test]
async fn offline_nothing_is_started_and_results_are_made_up() {
    let tracker = tracker();
    let runtime = Runtime::builder().mcp("tracker", tracker.server()).offline().build().unwrap();
    let (issue, _) = runtime.run(report("It broke".to_owned())).await.unwrap();
    assert!(!issue.title.is_empty());
    assert_eq!(tracker.lines(), [] as [&str; 0]);
}

#[step(mcp = "tracker/env", effect = none)]
async fn environment() -> Result<String>;

#[tokio::test]
async fn a_program_gets_no_other_variables() {
    let script = json!({ "tools": [tool("env", json!({}), &[])], "answers": { "env": "environment" } });
    let tracker = Scripted::new(script);
    let server =
        tracker.server().env("TOKEN", flow::mcp::Variable::new("MINE")).variables(|name| Some(format!("{name}!")));
    let runtime = Runtime::builder().mcp("tracker", server).build().unwrap();
    let names = runtime.step(environment()).await.unwrap();
    let names: Vec<_> = names.split(',').collect();
    assert!(names.contains(&"PATH") && names.contains(&"TOKEN"), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("CARGO")), "{names:?}");
}

#[step(mcp = "tracker/send", effect = irreversible, approve = confirm)]
async fn send(text: &str) -> Result<String>;

#[step(human, timeout = "2d", prompt = "Send this?\n\n{{ text }}")]
async fn confirm(text: &str) -> Result<Verdict>;

#[workflow]
async fn sending(text: String) -> Result<String> {
    send(&text).await
}

#[tokio::test]
async fn a_person_approves_a_call_before_it_is_made() {
    let (runtime, happened) = Runtime::test()
        .answers(confirm, [Verdict::reject("not today"), Verdict::accept()])
        .answer(send, "sent".to_owned())
        .build()
        .unwrap();
    let error = runtime.run(sending("a".to_owned())).await.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::Rejected { .. }), "{error}");
    assert_eq!(runtime.run(sending("a".to_owned())).await.unwrap(), "sent");
    let attempts = happened.lines().iter().filter(|line| *line == "will attempt send #1").count();
    assert_eq!(attempts, 1, "{happened:?}");
}
