//! A journal that a test can make odd.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use flow::journal::{Journal, Memory, Query};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Record, RunId, Stamp, Summary};
use flow::serde_json::Value;
use flow::tokio::sync::{Notify, Semaphore};

use super::support::Counts;

/// A journal with news that a test says, and looks that a test holds up once they are taken.
#[derive(Clone, Debug)]
pub(crate) struct Odd {
    inner: Memory,
    pub(crate) news: Arc<Notify>,
    pub(crate) hold: Arc<AtomicBool>,
    pub(crate) go: Arc<Semaphore>,
    id: RunId,
    pub(crate) left: Arc<AtomicU32>,
}

impl Odd {
    pub(crate) fn new(inner: &Memory) -> Self {
        Self {
            inner: inner.clone(),
            news: Arc::default(),
            hold: Arc::default(),
            go: Arc::new(Semaphore::new(0)),
            id: RunId::named("r"),
            left: Arc::new(AtomicU32::new(u32::MAX)),
        }
    }
}

impl Journal for Odd {
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        if self.left.fetch_update(SeqCst, SeqCst, |left| Some(left.saturating_sub(1))).unwrap() == 0 {
            return Box::pin(async { Err(flow::Error::new(flow::ErrorKind::Journal, "full")) });
        }
        self.inner.append(run, records)
    }
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        Box::pin(async move {
            let read = self.inner.read(run).await;
            if self.hold.swap(false, SeqCst) {
                self.go.acquire().await.unwrap().forget();
            }
            read
        })
    }
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        Box::pin(async move {
            let runs = self.inner.runs(query).await;
            if self.hold.swap(false, SeqCst) {
                self.go.acquire().await.unwrap().forget();
            }
            runs
        })
    }
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        Box::pin(async move {
            self.news.notified().await;
            Ok(vec![self.id.clone()])
        })
    }
    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        self.inner.prune(ended_before)
    }
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        self.inner.cached(key, now)
    }
    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        self.inner.cache(key, answer, until)
    }
}

pub(crate) fn odd(journal: &Odd, counts: &Counts) -> Runtime {
    Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0
}
