//! A service stops: nothing new starts, and what is under way has time to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow::journal::{Journal, Memory, Query};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Record, RunId, Stamp, Summary};
use flow::serde_json::{Value, json};
use flow::service::Service;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{open, read};
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

/// Keeps records until the test lets it fail.
#[derive(Clone, Debug, Default)]
struct Fails {
    memory: Memory,
    has_failed: Arc<AtomicBool>,
}

impl Journal for Fails {
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        match self.has_failed.load(Ordering::SeqCst) {
            true => Box::pin(async { Err(flow::Error::new(flow::ErrorKind::Journal, "the disk is full")) }),
            false => self.memory.append(run, records),
        }
    }
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        self.memory.read(run)
    }
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        self.memory.runs(query)
    }
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        self.memory.news()
    }
    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        self.memory.prune(ended_before)
    }
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        self.memory.cached(key, now)
    }
    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        self.memory.cache(key, answer, until)
    }
}

#[tokio::test]
async fn a_journal_that_fails_stops_the_service_and_says_why() {
    let (desk, journal) = (Desk::held(), Fails::default());
    let builder = Runtime::builder().provider(desk.clone()).journal(journal.clone());
    let service = Served::of(Service::new(builder).workflow(digest)).await;
    service.digest("?id=before", &note("pump")).await;
    desk.asked(1).await;
    assert_eq!(service.get("/readyz").await.status, 200);
    // Asks again, and has not said all of it.
    let mut asking = TcpStream::connect(service.at).await.unwrap();
    asking.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n").await.unwrap();
    journal.has_failed.store(true, Ordering::SeqCst);
    let answer = service.digest("?id=after", &note("pump")).await;
    let problem = answer.problem(503, "journal-failed");
    assert_eq!(problem["detail"], "the disk is full");
    // As long as anybody is answered, it is told.
    let _ = asking.write_all(b"connection: close\r\n\r\n").await;
    let mut ready = String::new();
    let _ = asking.read_to_string(&mut ready).await;
    assert!(ready.is_empty() || (ready.starts_with("HTTP/1.1 503 ") && ready.contains("journal-failed")), "{ready}");
    let stopped = service.stopped().await;
    assert_eq!(stopped.failure.unwrap().message(), "the disk is full");
    desk.dropped().await;
}
