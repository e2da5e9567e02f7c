//! Starting a run, waiting for it or asking later, and reading its records.

use flow::serde_json::{Value, from_str, json};

use crate::client::send;
use crate::support::{Desk, JSON, Served, note, start};

#[tokio::test]
async fn a_run_is_started_and_asked_for_later() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let started = service.digest("", &note("pump failed")).await;
    let run = started.json();
    let path = started.header("location").unwrap().to_owned();
    assert_eq!((started.status, &run["status"], &run["workflow"]), (202, &json!("running"), &json!("digest")));
    assert_eq!(path, format!("/runs/{}", run["id"].as_str().unwrap()));
    assert_eq!(service.get(&path).await.json(), run);

    desk.allow(1);
    let ended = service.get(&format!("{path}?wait=30s")).await;
    let output = json!({ "title": "pump failed", "words": 2 });
    let expected = json!({ "id": run["id"], "workflow": "digest", "status": "finished", "output": output });
    assert_eq!((ended.status, ended.json()), (200, expected));
}

#[tokio::test]
async fn a_client_may_wait_for_the_output() {
    let service = Served::with(&Desk::open()).await;
    let ended = service.digest("?wait=30", &note("pump failed")).await;
    assert_eq!((ended.status, &ended.json()["output"]["title"]), (200, &json!("pump failed")));
    assert_eq!(service.get(ended.header("location").unwrap()).await.json(), ended.json());
}

#[tokio::test]
async fn a_preference_is_heeded_and_said_to_be() {
    let service = Served::with(&Desk::open()).await;
    let headers = [JSON, "prefer: respond-async, wait=30"];
    let ended = send(service.at, &start("length", ""), &headers, &note("a b c").to_string()).await;
    assert_eq!((ended.status, &ended.json()["output"]), (200, &json!(3)));
    assert_eq!(ended.header("preference-applied"), Some("wait=30"));
}

#[tokio::test]
async fn a_wait_that_is_over_first_leaves_the_run_alone() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let started = service.digest("?wait=1ms", &note("pump")).await;
    assert_eq!((started.status, &started.json()["status"]), (202, &json!("running")));
    desk.allow(1);
    let ended = service.get(&format!("{}?wait=30s", started.header("location").unwrap())).await;
    assert_eq!(ended.json()["status"], "finished");
}

#[tokio::test]
async fn a_failed_run_says_why_and_where() {
    let service = Served::with(&Desk::open()).await;
    let mut input = note("one two three");
    input["most"] = json!(2);
    let failed = service.digest("?wait=30s&id=long", &input).await;
    let problem = failed.problem(500, "run-failed");
    let expected = json!({
        "type": "/problems/run-failed",
        "title": "The run failed",
        "status": 500,
        "detail": "step `count`: 3 words are more than 2",
        "kind": "terminal",
        "workflow": "digest",
        "run": "long",
        "step": "count",
        "place": "count",
        "attempt": 1,
    });
    assert_eq!(problem, expected);

    let shown = service.get("/runs/long").await;
    let expected = json!({ "id": "long", "workflow": "digest", "status": "failed", "error": expected });
    assert_eq!((shown.status, shown.json()), (200, expected));
}

#[tokio::test]
async fn a_rejected_answer_is_told_with_attempt_and_reasons() {
    let service = Served::with(&Desk::open()).await;
    let problem = service.digest("?wait=30s", &note("damn pump")).await.problem(500, "run-failed");
    assert_eq!(
        (&problem["kind"], &problem["step"], &problem["attempt"], &problem["reasons"]),
        (&json!("rejected"), &json!("title"), &json!(2), &json!(["the title is not polite"]))
    );
}

#[tokio::test]
async fn a_missing_provider_fails_the_run_by_name() {
    let service = flow::service::Service::new(flow::Runtime::builder()).workflow(crate::support::digest);
    let service = Served::of(service).await;
    let problem = service.digest("?wait=30s", &note("pump")).await.problem(500, "run-failed");
    assert_eq!(problem["kind"], "setup");
    assert!(problem["detail"].as_str().unwrap().contains("no provider is named `openai`"), "{problem}");
}

#[tokio::test]
async fn the_record_has_every_fact_of_its_own_run() {
    let service = Served::with(&Desk::open()).await;
    for (id, text) in [("one", "first"), ("two", "second")] {
        assert_eq!(service.digest(&format!("?wait=30s&id={id}"), &note(text)).await.status, 200);
    }
    let record = service.get("/runs/two/records").await;
    assert_eq!((record.status, record.header("content-type")), (200, Some("application/jsonl")));
    for (accept, media) in [("text/plain", "text/plain"), ("application/json, */*;q=0.1", "application/jsonl")] {
        let same = send(service.at, "GET /runs/two/records", &[&format!("accept: {accept}")], "").await;
        assert_eq!((same.header("content-type"), &same.body), (Some(media), &record.body));
    }
    send(service.at, "GET /runs/two/records", &["accept: image/png"], "").await.problem(406, "not-acceptable");
    let facts: Vec<Value> = record.body.lines().map(|line| from_str(line).unwrap()).collect();
    let kinds: Vec<_> = facts.iter().map(|fact| fact["record"].as_str().unwrap()).collect();
    let count = ["step_started", "attempt", "step_finished"];
    let title = ["step_started", "attempt", "judged", "step_finished"];
    assert_eq!(kinds, [&["run_started"][..], &count, &title, &["run_finished"]].concat());
    assert!(facts.iter().all(|fact| fact["run"] == "two"), "{}", record.body);
    assert_eq!(facts[5]["prompt"]["messages"][0]["content"], "Find a title.\n\nsecond");
}

#[tokio::test]
async fn the_record_of_a_run_under_way_is_what_is_known_so_far() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    service.digest("?id=slow", &note("pump")).await;
    desk.asked(1).await;
    let record = service.get("/runs/slow/records").await.body;
    assert!(record.starts_with("{\"record\":\"run_started\"") && !record.contains("run_finished"), "{record}");
}

#[tokio::test]
async fn many_runs_go_on_at_once_and_each_has_its_own_output() {
    const MANY: u32 = 60;
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    for number in 0..MANY {
        let started = service.digest(&format!("?id=run-{number}"), &note(&format!("title {number}"))).await;
        assert_eq!(started.status, 202);
    }
    // All of them ask before the first is answered.
    desk.asked(MANY).await;
    desk.allow(MANY as usize);
    for number in 0..MANY {
        let ended = service.get(&format!("/runs/run-{number}?wait=30s")).await.json();
        assert_eq!(ended["output"]["title"], format!("title {number}"));
    }
}
