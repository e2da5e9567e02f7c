//! A journal whose calls are pending more than once.

use flow::journal::{Delivered, Journal, Judged, Memory, Query, Signal, Slot};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Place, Record, RunId, Stamp, Summary};
use flow::serde_json::Value;
use flow::tokio::task::yield_now;

/// Memory that takes its time, as a disk does.
#[derive(Clone, Debug, Default)]
pub struct Paced(pub Memory);

/// Pending before the work and after it.
fn paced<'a, T: Send>(work: BoxFuture<'a, T>) -> BoxFuture<'a, T>
where
    T: 'a,
{
    Box::pin(async {
        yield_now().await;
        let done = work.await;
        yield_now().await;
        done
    })
}

impl Journal for Paced {
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        paced(self.0.append(run, records))
    }
    fn append_wait(
        &self,
        run: &RunId,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>>> {
        paced(self.0.append_wait(run, records, place, slot, now))
    }
    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        paced(self.0.signal(signal, judged))
    }
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        paced(self.0.read(run))
    }
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        paced(self.0.runs(query))
    }
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        self.0.news()
    }
    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        paced(self.0.prune(ended_before))
    }
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        paced(self.0.cached(key, now))
    }
    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        paced(self.0.cache(key, answer, until))
    }
}
