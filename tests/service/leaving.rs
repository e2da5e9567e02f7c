//! Clients that go away.

use crate::client::open;
use crate::support::{Desk, JSON, Served, note, start};

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
    // A second run, without a name, shows that the service has seen clients go away.
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
    // The connection is closed with the answer.
    let started = service.digest("", &note("pump")).await;
    desk.asked(1).await;
    desk.allow(1);
    let ended = service.get(&format!("{}?wait=30s", started.header("location").unwrap())).await;
    assert_eq!(ended.json()["status"], "finished");
}
