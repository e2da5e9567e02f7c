//! A stopping service: nothing new starts, and work under way gets time to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow::journal::AppendError;
use flow::prelude::*;
use flow::run::Record;
use flow::serde_json::json;
use flow::service::Service;
use tokio::net::TcpStream;

use crate::client::{Connection, open, read};
use crate::hooked::{Hooked, Hooks};
use crate::support::{Desk, JSON, Served, digest, note, service, start};

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

/// Keeps records until the test makes it fail.
#[derive(Clone, Debug, Default)]
struct Fails(Arc<AtomicBool>);

impl Hooks for Fails {
    fn appends(&self, _: &[Record]) -> Result<(), AppendError> {
        match self.0.load(Ordering::SeqCst) {
            true => Err(flow::Error::new(flow::ErrorKind::Journal, "the disk is full").into()),
            false => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_journal_that_fails_stops_the_service_and_says_why() {
    let (desk, journal) = (Desk::held(), Hooked::<Fails>::default());
    let builder = Runtime::builder().provider(desk.clone()).journal(journal.clone());
    let service = Service::new(builder).workflow(digest);
    let server = service.bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let mut client = Connection::open(server.address()).await;
    let mut serving = Box::pin(server.until(std::future::pending()));
    let before = async {
        client.send(&start("digest", "?id=before"), &[JSON], &note("pump").to_string()).await;
        desk.asked(1).await;
        for path in ["/healthz", "/readyz", "/health"] {
            assert_eq!(client.send(&format!("GET {path}"), &[], "").await.status, 200, "{path}");
        }
    };
    tokio::select! {
        _ = &mut serving => panic!("nothing has failed"),
        () = before => {}
    }
    // The connection runs in its own task. The server itself is only polled again, and stops, at the end of the test.
    journal.hooks.0.store(true, Ordering::SeqCst);
    let after = client.send(&start("digest", "?id=after"), &[JSON], &note("pump").to_string()).await;
    assert_eq!(after.problem(503, "journal-failed")["detail"], "the disk is full");
    for path in ["/readyz", "/health"] {
        let answer = client.send(&format!("GET {path}"), &[], "").await;
        assert_eq!(answer.problem(503, "journal-failed")["detail"], "the disk is full", "{path}");
    }
    assert_eq!(client.send("GET /healthz", &[], "").await.status, 200, "the process lives");
    drop(client);
    assert_eq!(serving.await.failure.unwrap().message(), "the disk is full");
    desk.dropped().await;
}
