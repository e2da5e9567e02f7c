//! Values nested too deep to be read back are rejected, and an unreadable run can be ended while others continue.

use flow::journal::{Sqlite, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::{Value, from_value, json};
use flow::service::Service;

use crate::client::send;
use crate::support::{JSON, Served};

#[step(human, timeout = "7d")]
async fn judge(value: &Value) -> Result<Value>;

#[workflow]
async fn hold(value: Value) -> Result<Value> {
    judge(&value).await
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

async fn served(path: &std::path::Path) -> Served {
    let builder = Runtime::builder().journal(Sqlite::open(path).unwrap());
    Served::of(Service::new(builder).workflow(hold).grace(std::time::Duration::ZERO)).await
}

async fn waits(service: &Served, id: &str) {
    while service.get(&format!("/runs/{id}")).await.json()["status"] != "waiting" {
        flow::tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_body_is_refused_at_the_limit_and_what_is_accepted_can_be_read_in_a_later_service() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let service = served(&path).await;
    for depth in [100, 101, 119, 120, 125, 127, 5_000] {
        // As text, since dropping such a deep value overflows the stack.
        let deep = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let started = service.post("hold", &format!("?id=r{depth}"), &format!(r#"{{"value": {deep}}}"#)).await;
        if depth <= 100 {
            assert_eq!(started.status, 202, "{}", started.body);
            continue;
        }
        let (status, name) = if depth < 120 { (422, "invalid-input") } else { (400, "bad-request") };
        let problem = started.problem(status, name);
        let error =
            json!([{ "pointer": "/value", "detail": "expected at most 100 nested arrays and objects, found more" }]);
        assert_eq!(problem["errors"], error, "{depth}");
        service.get(&format!("/runs/r{depth}")).await.problem(404, "no-such-run");
    }
    waits(&service, "r100").await;
    let answer = |depth: usize| json!({ "value": nested(depth) }).to_string();
    let to = "POST /runs/r100/answers/judge";
    send(service.at, to, &[JSON], &answer(101)).await.problem(422, "invalid-answer");
    send(service.at, to, &[JSON], &answer(121)).await.problem(400, "bad-request");
    service.stop().await.unwrap();

    let service = served(&path).await;
    assert_eq!(send(service.at, to, &[JSON], &answer(100)).await.status, 200);
    assert_eq!(service.get("/runs/r100?wait=30s").await.json()["output"], nested(100));
    service.stop().await.unwrap();
}

#[tokio::test]
async fn a_run_that_cannot_be_read_says_so_and_is_ended_while_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    {
        let journal = Sqlite::open(&path).unwrap();
        let began = json!({
            "record": "run_started", "run": "odd", "workflow": "hold", "input": { "value": nested(126) }, "at": 1,
        });
        let began: Record = from_value(began).unwrap();
        journal.append(&RunId::named("odd"), &[began]).await.unwrap();
    }
    let service = served(&path).await;
    assert_eq!(service.post("hold", "?id=whole", r#"{"value": 1}"#).await.status, 202);
    waits(&service, "whole").await;
    let odd = service.get("/runs/odd").await.json();
    assert_eq!(odd["workflow"], "hold");
    assert!(odd["error"]["detail"].as_str().unwrap().contains("this build cannot read a record"), "{odd}");
    assert_eq!(service.get("/runs").await.json()["runs"].as_array().unwrap().len(), 2);
    let ended = send(service.at, "DELETE /runs/odd", &[], "").await;
    assert_eq!((ended.status, &ended.json()["status"]), (200, &json!("cancelled")), "{}", ended.body);
    assert_eq!(service.get("/runs?status=cancelled").await.json()["runs"][0]["id"], "odd");
    send(service.at, "POST /runs/whole/answers/judge", &[JSON], r#"{"value": 2}"#).await;
    assert_eq!(service.get("/runs/whole?wait=30s").await.json()["output"], 2);
    service.stop().await.unwrap();
}
