//! Callers that go away while they end something: cancellations, shutdowns, pruning, single steps.

use std::sync::Mutex;
use std::time::Duration;

use flow::event::Event;
use flow::journal::{Query, Store};
use flow::prelude::*;
use flow::run::{Record, RunId, Stamp, Status};
use futures_util::poll;

use super::paced::Paced;
use super::{Try, chain, however_early, slow};
use crate::support::{Counts, settle};

#[tokio::test(start_paused = true)]
async fn a_cancellation() {
    for by_handle in [false, true] {
        however_early(async |one| {
            let handle = one.runtime.start(chain(1).id("r")).await.unwrap();
            settle().await;
            let ended = match by_handle {
                true => one.abandoned(handle.cancel()).await,
                false => one.abandoned(one.runtime.cancel(&RunId::named("r"))).await,
            };
            let cancelled = one.runtime.records(&RunId::named("r")).await.unwrap();
            let stand = one.stand().await;
            let later = one.runtime.records(&RunId::named("r")).await.unwrap();
            let written = later.iter().any(|record| matches!(record, Record::RunCancelled { .. }));
            assert_eq!(stand, [if written { Status::Cancelled } else { Status::Finished }], "{} polls", one.polls);
            let goes_on = later.len() - cancelled.len() > 1;
            assert!(!written || !goes_on, "{} polls: the cancelled run went on", one.polls);
            one.is_over(ended)
        })
        .await;
    }
}

#[step(compensate = free)]
async fn reserve(n: u32) -> Result<u32> {
    Ok(n)
}

#[step(effect = idempotent)]
async fn free(n: u32) -> Result<()> {
    FREED.lock().unwrap().push(n);
    Ok(())
}

/// The numbers freed; each test uses a different one.
static FREED: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn freed(n: u32) -> usize {
    FREED.lock().unwrap().iter().filter(|freed| **freed == n).count()
}

#[workflow]
async fn booking(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = reserve(n).await?;
    slow(n, counts).await
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_that_undoes() {
    for by_handle in [false, true] {
        however_early(async |one| {
            let handle = one.runtime.start(booking(1).id("r")).await.unwrap();
            settle().await;
            let (id, before) = (RunId::named("r"), freed(1));
            let ended = match by_handle {
                true => one.abandoned(handle.cancel_and_undo()).await,
                false => one.abandoned(one.runtime.cancel_and_undo(&id)).await,
            };
            let stand = one.stand().await;
            let wished = one.runtime.records(&id).await.unwrap();
            let wished = wished.iter().any(|record| matches!(record, Record::RunCancelling { .. }));
            let (status, undone) = if wished { (Status::Cancelled, 1) } else { (Status::Finished, 0) };
            assert_eq!((stand, freed(1) - before), (vec![status], undone), "{} polls", one.polls);
            assert!(!ended || wished);
            one.is_over(ended)
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_without_a_journal() {
    for undoes in [false, true] {
        however_early(async |one| {
            let runtime = Runtime::builder().state(one.counts.clone()).build().unwrap();
            let handle = runtime.start(booking(2)).await.unwrap();
            settle().await;
            let before = freed(2);
            let mut events = handle.events();
            let ended = match undoes {
                true => one.abandoned(handle.cancel_and_undo()).await,
                false => one.abandoned(handle.cancel()).await,
            };
            flow::tokio::time::sleep(Duration::from_secs(3600)).await;
            let mut last = None;
            while let Some(event) = events.next().await {
                last = Some(event);
            }
            let Some(Event::DidRun { error, .. }) = last else { panic!("{last:?}") };
            // A single poll is enough to cancel, even if the caller does not wait.
            assert_eq!(error.is_some(), one.polls > 0, "{} polls: {error:?}", one.polls);
            assert_eq!(freed(2) - before, usize::from(undoes && one.polls > 0), "{} polls", one.polls);
            one.is_over(ended)
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_is_forgotten_completely() {
    however_early(async |one| {
        one.runtime.run(chain(1).id("r")).await.unwrap();
        let ended = one.abandoned(one.runtime.prune(Stamp(u64::MAX))).await;
        let stand = one.stand().await;
        let left = one.runtime.records(&RunId::named("r")).await.unwrap().len();
        assert_eq!((stand.is_empty(), stand.len()), (left == 0, usize::from(left > 0)), "{} polls", one.polls);
        assert!(!ended || stand.is_empty());
        assert_eq!(one.runtime.prune(Stamp(u64::MAX)).await.unwrap(), stand.len() as u64);
        assert_eq!(one.runtime.run(chain(1).id("r")).await.unwrap(), 20, "its id is free");
        ended
    })
    .await;
}

/// One at a time.
#[step(concurrency = 1)]
async fn alone(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("began");
    flow::tokio::task::yield_now().await;
    counts.count("ended");
    Ok(n)
}

#[tokio::test(start_paused = true)]
async fn a_step_on_its_own_ends_with_its_caller() {
    however_early(async |one| {
        let ended = one.abandoned(one.runtime.step(alone(1, &one.counts))).await;
        flow::tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(one.counts.of("ended"), u32::from(ended), "{} polls", one.polls);
        assert_eq!(one.runtime.step(alone(2, &one.counts)).await.unwrap(), 2, "its turn is free");
        assert!(one.runtime.runs(&Query::all()).await.unwrap().is_empty(), "a single step is not a run");
        ended
    })
    .await;
}

/// A runtime with a run under way and a call whose caller has gone away.
async fn busy(journal: &Paced, counts: &Counts) -> Runtime {
    let builder = Runtime::builder().journal(journal.clone()).state(counts.clone()).workflow(chain);
    let runtime = builder.build().unwrap();
    drop(runtime.start(chain(1).id("r")).await.unwrap());
    settle().await;
    let mut start = Box::pin(runtime.start(chain(2).id("s")));
    assert!(poll!(start.as_mut()).is_pending());
    drop(start);
    runtime
}

async fn written(journal: &Paced) -> usize {
    let mut written = 0;
    for run in ["r", "s"] {
        written += journal.memory.read(&RunId::named(run)).await.unwrap().len();
    }
    written
}

/// A shutdown that was dropped or is still under way does not block another one.
#[tokio::test(start_paused = true)]
async fn a_shutdown() {
    for (grace, is_dropped) in [(0, true), (0, false), (7200, true), (7200, false)] {
        however_early(async |one| {
            let journal = Paced::default();
            let runtime = busy(&journal, &one.counts).await;
            let mut first = Box::pin(runtime.shut_down(Duration::from_secs(grace)));
            let ended = one.abandoned(first.as_mut()).await;
            if is_dropped {
                first = Box::pin(runtime.shut_down(Duration::ZERO));
            }
            runtime.shut_down(Duration::ZERO).await;
            let before = written(&journal).await;
            flow::tokio::time::sleep(Duration::from_secs(3600)).await;
            assert_eq!(written(&journal).await, before, "{} polls: something still writes", one.polls);
            drop(first);
            drop(runtime);

            let builder = Runtime::builder().journal(journal.clone()).state(one.counts.clone()).workflow(chain);
            let one = Try { runtime: builder.build().unwrap(), counts: one.counts.clone(), ..*one };
            one.runtime.resume_all().await.unwrap();
            let stand = one.stand().await;
            assert!(stand.iter().all(|status| *status == Status::Finished), "{} polls: {stand:?}", one.polls);
            // With a grace period the shutdown lasts as long as its runs, whose paused time does not advance between polls.
            ended || one.polls > 20
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_calls_whose_callers_are_gone() {
    let counts = Counts::default();
    let journal = Paced::default();
    let runtime = Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0;
    let mut start = Box::pin(runtime.start(chain(1).id("r")));
    assert!(poll!(start.as_mut()).is_pending());
    drop(start);
    runtime.shut_down(Duration::ZERO).await;
    let written = journal.memory.read(&RunId::named("r")).await.unwrap().len();
    drop(runtime);
    settle().await;
    assert_eq!(journal.memory.read(&RunId::named("r")).await.unwrap().len(), written, "something still writes");
}
