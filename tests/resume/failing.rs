//! A journal that fails: the run stops there, says why, and goes on elsewhere with all that was kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use flow::journal::{Journal, Memory, Query};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Record, RunId, Stamp, Summary};
use flow::serde_json::Value;
use flow::{Error, ErrorKind};

use super::support::{Counts, process};

/// Fails from the n-th append on, as a full disk does.
#[derive(Clone, Debug)]
struct Full(Memory, Arc<AtomicUsize>);

impl Journal for Full {
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        let left = self.1.fetch_update(SeqCst, SeqCst, |left| Some(left.saturating_sub(1))).unwrap();
        if left == 0 {
            return Box::pin(async { Err(Error::new(ErrorKind::Journal, "the disk is full")) });
        }
        self.0.append(run, records)
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        self.0.read(run)
    }

    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        self.0.runs(query)
    }

    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        self.0.news()
    }

    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        self.0.prune(ended_before)
    }

    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        self.0.cached(key, now)
    }

    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        self.0.cache(key, answer, until)
    }
}

#[step(compensate = undo)]
async fn act(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("act {n}"));
    Ok(n + 1)
}

#[step(effect = idempotent)]
async fn undo(n: u32) -> Result<()> {
    UNDONE.fetch_add(n as usize, SeqCst);
    Ok(())
}

static UNDONE: AtomicUsize = AtomicUsize::new(0);

#[workflow]
async fn stubborn(#[state] counts: &Counts) -> Result<u32> {
    // Glue that goes on whatever fails.
    let mut n = 0;
    for _ in 0..5 {
        n = act(n, counts).await.unwrap_or(n + 100);
    }
    let all = flow::map(vec![n, n + 1], async |n| act(n, counts).await).settle().await?;
    Ok(all.into_iter().map(|n| n.unwrap_or(0)).sum())
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_on_after_a_record_that_could_not_be_kept() {
    let mut stops = 0;
    for kept in 0..12 {
        let (journal, counts) = (Memory::new(), Counts::default());
        let full = Full(journal.clone(), Arc::new(AtomicUsize::new(kept)));
        let runtime = Runtime::builder().journal(full).state(counts.clone()).build().unwrap();
        let outcome = runtime.run(stubborn().id("r")).await;
        let bodies = counts.all().len();
        if let Err(error) = &outcome {
            stops += 1;
            assert_eq!((error.kind(), error.message()), (&ErrorKind::Journal, "the disk is full"));
            assert_eq!(UNDONE.load(SeqCst), 0, "it has not failed, so nothing is undone");
        }
        // The bodies that ended without being kept are those in flight, and no others.
        let finished = journal.read(&RunId::named("r")).await.unwrap();
        let finished = finished.iter().filter(|record| matches!(record, Record::StepFinished { .. })).count();
        assert!(bodies <= finished + 2, "{bodies} bodies for {finished} records");
        assert_eq!(process(&journal, &counts).run(stubborn().id("r")).await.unwrap(), 6 + 7);
    }
    assert!(stops >= 8, "{stops}");
}
