//! Clients that disconnect.

use flow::journal::Store;
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::{Value, json};
use flow::service::Service;

use crate::client::{open, read};
use crate::held::{Held, held};
use crate::kept::{errand, letter, until_waiting, waiting};
use crate::signals::paying;
use crate::support::{Desk, JSON, Served, digest, length, note, start};

#[tokio::test]
async fn a_run_that_nobody_could_ask_for_ends_with_its_client() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let body = note("pump").to_string();
    let length = format!("content-length: {}", body.len());
    let client = open(service.at, &start("digest", "?wait=10m"), &[JSON, &length], &body).await;
    desk.asked(1).await;
    drop(client);
    desk.dropped().await;
}

#[tokio::test]
async fn a_run_with_a_name_goes_on_without_its_client() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let body = note("pump").to_string();
    let length = format!("content-length: {}", body.len());
    let client = open(service.at, &start("digest", "?wait=10m&id=kept"), &[JSON, &length], &body).await;
    // A second, unnamed run shows that the service has noticed the disconnects.
    let other = open(service.at, &start("digest", "?wait=10m"), &[JSON, &length], &body).await;
    desk.asked(2).await;
    drop(client);
    drop(other);
    desk.dropped().await;
    desk.allow(1);
    assert_eq!(service.get("/runs/kept?wait=30s").await.json()["status"], "finished");
}

#[tokio::test]
async fn a_run_that_was_answered_for_goes_on_without_its_client() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    // The connection is closed after the answer.
    let started = service.digest("", &note("pump")).await;
    desk.asked(1).await;
    desk.allow(1);
    let ended = service.get(&format!("{}?wait=30s", started.header("location").unwrap())).await;
    assert_eq!(ended.json()["status"], "finished");
}

/// A client that disconnects while the journal is executing a call of its request.
struct Left {
    service: Served,
    held: Held,
    /// Whether it received its answer before.
    answered: bool,
}

impl Left {
    async fn after(calls: usize, request: &str, body: &str) -> Self {
        let (held, desk) = (held(), Desk::held());
        let builder = Runtime::builder().provider(desk.clone()).journal(held.clone());
        let service = Service::new(builder).workflow(digest).workflow(length).workflow(letter);
        let service = Served::of(service.workflow(errand).workflow(paying)).await;
        waiting(&service, "l1").await;
        for (workflow, id, input) in
            [("errand", "e1", json!({ "text": "a car" })), ("paying", "p1", json!({ "invoice": 7 }))]
        {
            service.post(workflow, &format!("?id={id}"), &input.to_string()).await;
            until_waiting(&service, id).await;
        }
        service.signal("paid", &json!({ "key": 9, "value": 900 }).to_string()).await;
        let other = note("pump").to_string();
        let size = |body: &str| format!("content-length: {}", body.len());
        let other = open(service.at, &start("digest", "?wait=10m"), &[JSON, &size(&other)], &other).await;
        desk.asked(1).await;

        held.hooks.hold_after(calls);
        let client = open(service.at, request, &[JSON, &size(body)], body).await;
        let answered = tokio::select! {
            () = held.hooks.reached() => false,
            _ = read(client) => true,
        };
        if answered {
            held.hooks.release();
        }
        // A second client shows that the service has noticed the disconnects.
        drop(other);
        desk.dropped().await;
        if !answered {
            held.hooks.release();
        }
        Self { service, held, answered }
    }

    /// The run once it has ended; `None` if it was never recorded.
    async fn ended(&self, id: &str) -> Option<Value> {
        let answer = self.service.get(&format!("/runs/{id}?wait=30s")).await;
        (answer.status == 200).then(|| answer.json())
    }

    async fn has(&self, id: &str, wanted: impl Fn(&Record) -> bool) -> bool {
        self.held.memory.read(&RunId::named(id)).await.unwrap().iter().any(wanted)
    }
}

/// Tries a request whose client disconnects at the first journal call, at the second, and so on until it is answered.
async fn wherever_it_leaves(request: &str, body: &str, check: impl AsyncFn(&Left)) {
    for calls in 0.. {
        assert!(calls < 100, "it is never answered");
        let left = Left::after(calls, request, body).await;
        check(&left).await;
        if left.answered {
            break;
        }
    }
}

#[tokio::test]
async fn a_start_with_a_name_is_driven_to_its_end_or_was_never_written() {
    for query in ["?id=m", "?id=m&wait=30s"] {
        wherever_it_leaves(&start("length", query), &note("pump").to_string(), async |left| {
            let run = left.ended("m").await;
            assert!(run.is_none_or(|run| run["status"] == "finished"));
        })
        .await;
    }
}

#[tokio::test]
async fn a_start_without_a_name_ends_too() {
    for query in ["", "?wait=30s"] {
        wherever_it_leaves(&start("length", query), &note("pump").to_string(), async |left| {
            let runs = left.service.get("/runs?workflow=length").await.json();
            for run in runs["runs"].as_array().unwrap() {
                let run = left.ended(run["id"].as_str().unwrap()).await.unwrap();
                assert!(["finished", "cancelled"].contains(&run["status"].as_str().unwrap()), "{run}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn an_answer_that_is_written_is_heard() {
    let body = "{\"decision\": \"accept\"}";
    wherever_it_leaves("POST /runs/l1/answers/approve", body, async |left| {
        // Work that continues without the client is ordered before later requests of the same kind.
        if left.has("l1", |record| matches!(record, Record::Answered { .. })).await {
            assert_eq!(left.ended("l1").await.unwrap()["status"], "finished");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cancellation_that_is_written_ends_the_run() {
    wherever_it_leaves("DELETE /runs/l1", "", async |left| {
        if left.has("l1", |record| matches!(record, Record::RunCancelled { .. })).await {
            assert_eq!(left.ended("l1").await.unwrap()["status"], "cancelled");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cancellation_that_undoes_is_carried_out_once_it_is_written() {
    for query in ["", "&wait=30s"] {
        wherever_it_leaves(&format!("DELETE /runs/e1?undo=true{query}"), "", async |left| {
            if left.has("e1", |record| matches!(record, Record::RunCancelling { .. })).await {
                let run = left.ended("e1").await.unwrap();
                assert_eq!((&run["status"], &run["undone"]), (&"cancelled".into(), &json!(["book.2", "book"])));
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_signal_that_is_written_is_heard() {
    let body = json!({ "key": 7, "value": 700, "id": "evt" }).to_string();
    wherever_it_leaves("POST /signals/paid", &body, async |left| {
        // Repeating it is harmless, and delivers the signal if the first request never recorded it.
        let repeat = left.service.signal("paid", &body).await;
        assert!(["given", "repeated"].contains(&repeat["outcome"].as_str().unwrap()), "{repeat}");
        assert_eq!(left.ended("p1").await.unwrap()["output"], 700);
    })
    .await;
}

#[tokio::test]
async fn a_signal_that_comes_early_is_kept_once() {
    let body = json!({ "key": 8, "value": 800, "id": "evt" }).to_string();
    wherever_it_leaves("POST /signals/paid", &body, async |left| {
        let repeat = left.service.signal("paid", &body).await;
        assert!(["kept", "repeated"].contains(&repeat["outcome"].as_str().unwrap()), "{repeat}");
        let input = json!({ "invoice": 8 }).to_string();
        let taken = left.service.post("paying", "?id=p2&wait=30s", &input).await.json();
        assert_eq!(taken["output"], 800, "{taken}");
        left.service.post("paying", "?id=p3", &input).await;
        until_waiting(&left.service, "p3").await;
    })
    .await;
}

#[tokio::test]
async fn a_run_whose_client_leaves_while_it_begins_takes_the_signal_that_was_kept_for_it() {
    let body = json!({ "invoice": 9 }).to_string();
    wherever_it_leaves(&start("paying", "?id=p2&wait=30s"), &body, async |left| {
        left.service.post("paying", "?id=p2", &body).await;
        assert_eq!(left.ended("p2").await.unwrap()["output"], 900);
    })
    .await;
}

#[tokio::test]
async fn what_only_looks_changes_nothing() {
    for path in ["/runs", "/runs/l1", "/runs/l1?wait=1ms", "/runs/l1/records"] {
        wherever_it_leaves(&format!("GET {path}"), "", async |left| {
            let answer = left.service.post_to("/runs/l1/answers/approve", "{\"decision\": \"accept\"}").await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(left.ended("l1").await.unwrap()["status"], "finished");
        })
        .await;
    }
}

#[tokio::test]
async fn a_run_that_nobody_executes_says_so_and_is_taken_up_when_its_id_is_posted_again() {
    let (held, desk) = (held(), Desk::open());
    let service = Service::new(Runtime::builder().provider(desk.clone()).journal(held.clone()));
    let service = Served::of(service.workflow(digest).workflow(length)).await;
    // The state left by a process that died between recording the start and executing the run.
    let begun = json!({
        "record": "run_started", "run": "m", "workflow": "length", "at": 1,
        "input": { "note": { "text": "pump", "tags": null } }
    });
    let begun: Record = flow::serde_json::from_value(begun).unwrap();
    held.memory.append(&RunId::named("m"), &[begun]).await.unwrap();

    let expected = json!({ "id": "m", "workflow": "length", "status": "no_executor" });
    assert_eq!(service.get("/runs/m").await.json(), expected);
    let listed = async |status: &str| {
        service.get(&format!("/runs?status={status}")).await.json()["runs"].as_array().unwrap().len()
    };
    assert_eq!((listed("no_executor").await, listed("running").await), (1, 0));
    let again = service.post("length", "?id=m&wait=30s", &note("pump").to_string()).await;
    assert_eq!((again.status, &again.json()["output"]), (200, &1.into()));
}
