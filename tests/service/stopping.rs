//! A service stops: nothing new starts, and what is under way has time to end.

use std::time::Duration;

use flow::serde_json::json;
use tokio::net::TcpStream;

use crate::client::{open, read};
use crate::support::{Desk, JSON, Served, note, service, start};

#[tokio::test]
async fn runs_under_way_end_and_their_clients_are_answered() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let at = service.at;
    let body = note("pump").to_string();
    let length = format!("content-length: {}", body.len());
    let waiting = open(at, &start("digest", "?wait=10m"), &[JSON, &length], &body).await;
    service.digest("?id=unwatched", &note("pump")).await;
    desk.asked(2).await;

    let stopped = service.stop();
    desk.allow(2);
    let answer = read(waiting).await;
    assert_eq!((answer.status, &answer.json()["output"]["title"]), (200, &json!("pump")));
    assert_eq!(stopped.await.unwrap().cancelled, 0);
    assert!(TcpStream::connect(at).await.is_err(), "it still listens");
}

#[tokio::test]
async fn after_the_grace_runs_are_cancelled_and_counted() {
    let desk = Desk::held();
    let service = Served::of(service(&desk).grace(Duration::from_millis(1))).await;
    service.digest("", &note("pump")).await;
    desk.asked(1).await;
    assert_eq!(service.stop().await.unwrap().cancelled, 1);
    desk.dropped().await;
}

#[tokio::test]
async fn an_idle_service_stops_at_once() {
    let service = Served::with(&Desk::held()).await;
    assert_eq!(service.get("/health").await.status, 200);
    assert_eq!(service.stop().await.unwrap().cancelled, 0);
}
