//! Signals from outside systems, sent by step and key.

use flow::prelude::*;
use flow::serde_json::{Value, json};
use flow::service::Service;

use crate::client::{Answer, send};
use crate::support::{JSON, Served};

#[gate]
fn positive(cents: &u32) -> Verdict {
    Verdict::ensure(*cents > 0, "nothing was paid")
}

#[step(signal, timeout = "30d", gate = positive)]
async fn paid(invoice: u32) -> Result<u32>;

/// Waits for the money.
#[workflow]
pub(crate) async fn paying(invoice: u32) -> Result<u32> {
    paid(invoice).await
}

async fn signal(served: &Served, step: &str, body: Value) -> Answer {
    send(served.at, &format!("POST /signals/{step}"), &[JSON], &body.to_string()).await
}

async fn status(served: &Served, run: &str, wanted: &str) -> Value {
    loop {
        let run = send(served.at, &format!("GET /runs/{run}?wait=1"), &[], "").await.json();
        if run["status"] == wanted {
            return run;
        }
    }
}

#[tokio::test]
async fn a_signal_finds_the_steps_that_wait_for_its_key_and_is_kept_where_none_does() {
    let served = Served::of(Service::new(Runtime::builder()).workflow(paying)).await;
    for run in ["a", "b"] {
        send(served.at, &format!("POST /workflows/paying/runs?id={run}"), &[JSON], r#"{"invoice": 7}"#).await;
        status(&served, run, "waiting").await;
    }
    let rejected = signal(&served, "paid", json!({ "key": 7, "value": 0 })).await;
    assert_eq!(rejected.problem(422, "rejected-answer")["reasons"], json!(["nothing was paid"]));
    let unfit = signal(&served, "paid", json!({ "key": 7, "value": "much" })).await;
    unfit.problem(422, "invalid-answer");
    let key = signal(&served, "paid", json!({ "key": "seven", "value": 7 })).await;
    assert!(key.problem(422, "invalid-answer")["detail"].as_str().unwrap().starts_with("invalid key for"));
    signal(&served, "posted", json!({ "key": 7, "value": 7 })).await.problem(404, "no-such-signal");
    signal(&served, "paid", json!({ "key": 7 })).await.problem(400, "bad-request");

    let body = json!({ "key": 7, "value": 700, "id": "evt", "by": "bank" });
    let given = signal(&served, "paid", body.clone()).await.json();
    let steps = json!([{ "run": "a", "place": "paid" }, { "run": "b", "place": "paid" }]);
    assert_eq!(given, json!({ "outcome": "given", "given": steps }));
    assert_eq!(signal(&served, "paid", body).await.json(), json!({ "outcome": "repeated" }));
    for run in ["a", "b"] {
        assert_eq!(status(&served, run, "finished").await["output"], 700);
    }

    let kept = signal(&served, "paid", json!({ "key": 8, "value": 800 })).await.json();
    assert!(kept["outcome"] == "kept" && kept["until"].is_u64(), "{kept}");
    let late = send(served.at, "POST /workflows/paying/runs?wait=60", &[JSON], r#"{"invoice": 8}"#).await;
    assert_eq!(late.json()["output"], 800);
    served.stop().await.unwrap();
}
