//! How executions of runs end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use flow::journal::{AppendError, Memory};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::json;
use flow::{Ending, Error, ErrorKind};

use super::hooked::{Hooked, Hooks};
use super::support::settle;

#[step]
async fn slow(n: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(n + 1)
}

#[step(human, timeout = "7d")]
async fn approve(n: u32) -> Result<u32>;

#[workflow]
async fn asking(n: u32) -> Result<u32> {
    approve(n).await
}

#[workflow]
async fn working(n: u32) -> Result<u32> {
    slow(n).await
}

#[step]
async fn refused(n: u32) -> Result<u32> {
    flow::bail!("{n} is refused")
}

#[workflow]
async fn failing(n: u32) -> Result<u32> {
    refused(n).await
}

fn runtime(journal: &Memory) -> Runtime {
    Runtime::test().journal(journal.clone()).build().unwrap().0
}

#[tokio::test(start_paused = true)]
async fn a_handle_says_how_its_run_ended_or_what_it_waits_for() {
    let runtime = runtime(&Memory::new());
    let asks = runtime.start(asking(1).id("asks")).await.unwrap();
    settle().await;
    let Ending::Waiting(waits) = asks.ending().await.unwrap() else { panic!("it was never answered") };
    assert_eq!(waits.iter().map(|wait| wait.place.as_str()).collect::<Vec<_>>(), ["approve"]);
    runtime.answer(&RunId::named("asks"), "approve").with(json!(7)).await.unwrap();
    let again = runtime.start(asking(1).id("asks")).await.unwrap();
    assert!(matches!(again.ending().await.unwrap(), Ending::Finished(7)));

    let failed = runtime.start(failing(1)).await.unwrap().ending().await.unwrap();
    assert!(matches!(&failed, Ending::Failed(error) if error.message() == "1 is refused"), "{failed:?}");

    let works = runtime.start(working(1).id("works")).await.unwrap();
    settle().await;
    runtime.cancel(&RunId::named("works")).await.unwrap();
    assert!(matches!(works.ending().await.unwrap(), Ending::Cancelled(_)));

    let goes_on = runtime.start(working(1).id("goes on")).await.unwrap();
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    assert!(matches!(goes_on.ending().await.unwrap(), Ending::Suspended));
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_a_handle_says_how_its_run_ended() {
    let runtime = Runtime::test().build().unwrap().0;
    let ended = runtime.start(working(1)).await.unwrap().ending().await.unwrap();
    assert!(matches!(ended, Ending::Finished(2)), "{ended:?}");
    let failed = runtime.start(failing(1)).await.unwrap().ending().await.unwrap();
    assert!(matches!(failed, Ending::Failed(_)), "{failed:?}");
}

/// Added by the code between the steps; changing it simulates a deploy while a run waits.
static ADDED: AtomicU32 = AtomicU32::new(0);

fn moody(n: u32) -> u32 {
    n + ADDED.load(SeqCst)
}

#[step]
async fn double(n: u32) -> Result<u32> {
    Ok(2 * n)
}

#[workflow]
async fn changing(n: u32) -> Result<u32> {
    let n = double(moody(n)).await?;
    approve(n).await
}

#[tokio::test(start_paused = true)]
async fn a_run_that_fits_again_is_no_longer_stuck() {
    let runtime = runtime(&Memory::new());
    let id = RunId::named("r");
    let waits = runtime.start(changing(1).id("r")).await.unwrap().ending().await.unwrap();
    assert!(matches!(waits, Ending::Waiting(_)));
    ADDED.store(1, SeqCst);
    assert_eq!(runtime.resume(&id).await.unwrap_err().kind(), &ErrorKind::Diverged);
    assert!(runtime.obstacle(&id).is_some());
    ADDED.store(0, SeqCst);
    assert!(matches!(runtime.resume(&id).await.unwrap(), Ending::Waiting(_)));
    assert!(runtime.obstacle(&id).is_none());
    runtime.answer(&id, "approve").with(json!(9)).await.unwrap();
    assert_eq!(runtime.resume(&id).await.unwrap().result().unwrap(), json!(9));
}

/// A journal in which one run was taken over by another process.
#[derive(Clone, Debug, Default)]
struct Fences(Arc<AtomicBool>);

impl Hooks for Fences {
    fn appends(&self, records: &[Record]) -> Result<(), AppendError> {
        let is_lost = records.iter().any(|record| record.run().to_string() == "lost");
        match is_lost && self.0.load(SeqCst) {
            true => Err(AppendError::Lost(Error::new(ErrorKind::Journal, "another process executes the run"))),
            false => Ok(()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_belongs_to_another_process_stops_alone() {
    let journal = Hooked::<Fences>::default();
    let runtime = Runtime::test().journal(journal.clone()).build().unwrap().0;
    let lost = runtime.start(working(1).id("lost")).await.unwrap();
    let other = runtime.start(working(2).id("other")).await.unwrap();
    settle().await;
    journal.hooks.0.store(true, SeqCst);
    assert_eq!(lost.ending().await.unwrap_err().message(), "another process executes the run");
    assert_eq!(other.result().await.unwrap(), 3);
    assert!(runtime.journal_failure().is_none(), "the journal works for all other runs");
}
