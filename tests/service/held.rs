//! A journal whose calls a test holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use flow::journal::{Delivered, Journal, Judged, Memory, Query, Signal, Slot};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Place, Record, RunId, Stamp, Summary};
use flow::serde_json::Value;
use tokio::sync::Semaphore;

/// Memory one of whose calls has done its work, and says so when the test lets it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) memory: Memory,
    /// How many calls pass before one is held; `usize::MAX` for all.
    left: Arc<AtomicUsize>,
    reached: Arc<Semaphore>,
    go: Arc<Semaphore>,
}

impl Held {
    pub(crate) fn new() -> Self {
        let none = || Arc::new(Semaphore::new(0));
        Self { memory: Memory::new(), left: Arc::new(AtomicUsize::new(usize::MAX)), reached: none(), go: none() }
    }

    /// Holds the call after so many.
    pub(crate) fn hold_after(&self, calls: usize) {
        self.left.store(calls, SeqCst);
    }

    /// Waits until a call is held.
    pub(crate) async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    pub(crate) fn release(&self) {
        self.left.store(usize::MAX, SeqCst);
        self.go.add_permits(1);
    }

    async fn pass(self) {
        let next = |left: usize| (left != usize::MAX).then(|| left.checked_sub(1).unwrap_or(usize::MAX));
        if self.left.fetch_update(SeqCst, SeqCst, next) == Ok(0) {
            self.reached.add_permits(1);
            self.go.acquire().await.unwrap().forget();
        }
    }
}

impl Journal for Held {
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        let (kept, this) = (self.memory.append(run, records), self.clone());
        Box::pin(async {
            this.pass().await;
            kept.await
        })
    }
    fn append_wait(
        &self,
        run: &RunId,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>>> {
        let (kept, this) = (self.memory.append_wait(run, records, place, slot, now), self.clone());
        Box::pin(async {
            this.pass().await;
            kept.await
        })
    }
    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        Box::pin(async move {
            let delivered = self.memory.signal(signal, judged).await;
            self.clone().pass().await;
            delivered
        })
    }
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        Box::pin(async move {
            let read = self.memory.read(run).await;
            self.clone().pass().await;
            read
        })
    }
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        Box::pin(async move {
            let runs = self.memory.runs(query).await;
            self.clone().pass().await;
            runs
        })
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
