//! Cancelling a run undoes nothing unless requested.

use std::time::Duration;

use flow::journal::{Journal, Memory, Query, Store};
use flow::prelude::*;
use flow::run::{Record, RunId, RunState, Status};
use flow::serde_json::json;
use flow::{Ending, ErrorKind};

use super::support::{done, log};
use super::{fulfil, pay, slow};
use crate::hooked::{Hooked, Hooks};
use crate::prefixes::Batches;
use crate::support::{lines, settle, tokio_clock};

#[step(human, timeout = "7d")]
async fn approve(n: u32) -> Result<Review<u32>>;

#[workflow]
async fn part(n: u32) -> Result<u32> {
    pay(n).await?;
    slow(30).await
}

/// Two payments are in effect and one was refunded; it waits for a person and a step.
#[workflow]
async fn order() -> Result<u32> {
    pay(1).await?;
    let failed = fulfil(3).await.is_err();
    let (a, _) = try_join!(
        async {
            part(4).await?;
            approve(5).await
        },
        async {
            slow(3600).await?;
            pay(6).await
        }
    )?;
    Ok(if failed && matches!(a, Review::Accept(_)) { 1 } else { 0 })
}

const BEGUN: [&str; 5] = ["pay 1", "pay 3", "ship 3", "refund 3", "pay 4"];

fn process(journal: impl Journal) -> Runtime {
    Runtime::builder()
        .journal(journal)
        .clock(tokio_clock)
        .workflow(order)
        .workflow(stuck)
        .workflow(patched)
        .build()
        .unwrap()
}

/// Runs until the run waits.
async fn begun(runtime: &Runtime) -> RunId {
    drop(runtime.start(order().id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(done(), BEGUN);
    RunId::named("r")
}

async fn status(runtime: &Runtime) -> Status {
    runtime.runs(&Query::all()).await.unwrap().remove(0).status
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_undoes_nothing() {
    let runtime = process(Memory::new());
    let run = begun(&runtime).await;
    runtime.cancel(&run).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(7200)).await;
    assert_eq!((status(&runtime).await, done()), (Status::Cancelled, vec![]));
    let error = runtime.cancel_and_undo(&run).await.unwrap_err();
    assert_eq!(error.message(), "run `r` was cancelled already, so nothing is undone");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_to_be_undone_undoes_all_that_it_has_finished() {
    let runtime = process(Memory::new());
    let run = begun(&runtime).await;
    let waiting = flow::tokio::spawn(runtime.run(order().id("r")));
    settle().await;
    runtime.cancel_and_undo(&run).await.unwrap();
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.not_undone().count()), (&ErrorKind::Cancelled, 0));
    assert_eq!((status(&runtime).await, done()), (Status::Cancelled, vec!["refund 4".to_owned(), "refund 1".into()]));
    let answer = runtime.answer(&run, "approve").accept().await.unwrap_err();
    assert!(answer.message().contains("has ended"), "{answer}");
    runtime.cancel_and_undo(&run).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(7200)).await;
    assert_eq!(done(), Vec::<String>::new());
    let state = RunState::of(runtime.records(&run).await.unwrap());
    let undone: Vec<_> = state.undone().iter().map(|place| place.as_str()).collect();
    assert_eq!(undone, ["fulfil/pay", "part/pay", "pay"]);
}

/// Handles the failure of one of two branches, pays after that, and waits for a person.
#[workflow]
async fn patched() -> Result<u32> {
    let both = try_join!(pay(1), fulfil(3));
    if both.is_err() {
        pay(2).await?;
    }
    let review = approve(5).await?;
    Ok(if matches!(review, Review::Accept(_)) { 1 } else { 0 })
}

/// The replay passes the handled failure before the cancellation ends it.
#[tokio::test(start_paused = true)]
async fn what_was_done_after_a_handled_failure_is_undone_too() {
    let runtime = process(Memory::new());
    drop(runtime.start(patched().id("p")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(done(), ["pay 1", "pay 3", "ship 3", "refund 3", "pay 2"]);
    runtime.cancel_and_undo(&RunId::named("p")).await.unwrap();
    settle().await;
    assert_eq!(done(), ["refund 2", "refund 1"]);
}

/// Whether or not the run was in memory, and wherever the undoing process dies.
#[tokio::test(start_paused = true)]
async fn what_is_left_of_it_is_undone_by_the_next_process() {
    let journal = Batches::default();
    let runtime = process(journal.clone());
    let run = begun(&runtime).await;
    runtime.cancel_and_undo(&run).await.unwrap();
    settle().await;
    assert_eq!(done(), ["refund 4", "refund 1"]);
    let all = journal.read(&run).await.unwrap();
    let wish = all.iter().position(|record| matches!(record, Record::RunCancelling { .. })).unwrap();
    let mut prefixes = 0;
    for length in journal.hooks.lengths().into_iter().filter(|length| *length > wish) {
        let journal = Batches::default();
        journal.append(&run, &all[..length]).await.unwrap();
        let runtime = process(journal.clone());
        let error = runtime.run(order().id("r")).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Cancelled);
        let left = ["part/pay/refund", "pay/refund"].iter().filter(|place| !ended(&all[..length], place));
        assert_eq!(done().len(), left.count(), "from {:?}", lines(&all[..length]));
        assert_eq!(lines(&journal.read(&run).await.unwrap()), lines(&all));
        prefixes += 1;
    }
    assert!(prefixes >= 4, "{prefixes}");
}

fn ended(records: &[Record], at: &str) -> bool {
    records.iter().any(|record| matches!(record, Record::StepFinished { place, .. } if place.as_str() == at))
}

#[step(effect = idempotent, compensate = unstick)]
async fn stick(n: u32) -> Result<u32> {
    log(format!("stick {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn unstick(n: u32) -> Result<()> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    flow::bail!("{n} sticks")
}

#[workflow]
async fn stuck() -> Result<u32> {
    stick(1).await?;
    pay(2).await?;
    slow(3600).await
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_undone_is_told() {
    let runtime = process(Memory::new());
    let handle = runtime.start(stuck().id("r")).await.unwrap();
    settle().await;
    let error = handle.cancel_and_undo().await.unwrap_err();
    let text = "the run was cancelled\n  `stick` could not be undone: step `unstick` at `stick/unstick`: 1 sticks";
    assert_eq!((error.in_run().to_string().as_str(), done().len()), (text, 3));
    assert_eq!(runtime.run(stuck().id("r")).await.unwrap_err().in_run().to_string(), text);
}

#[tokio::test(start_paused = true)]
async fn a_plain_cancellation_ends_the_undoing_too() {
    let runtime = process(Memory::new());
    let handle = runtime.start(stuck().id("r")).await.unwrap();
    settle().await;
    let run = RunId::named("r");
    runtime.cancel_and_undo(&run).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(status(&runtime).await, Status::Running);
    runtime.cancel(&run).await.unwrap();
    assert_eq!(handle.result().await.unwrap_err().kind(), &ErrorKind::Cancelled);
    assert_eq!(status(&runtime).await, Status::Cancelled);
    done();
}

/// A process that reads the journal without executing its runs.
#[derive(Clone, Debug)]
struct Visitor;

impl Hooks for Visitor {
    fn executes(&self) -> bool {
        false
    }
}

/// A visitor leaves the undoing to the process that executes the journal, which learns of it eventually.
#[tokio::test(start_paused = true)]
async fn a_visitor_undoes_nothing_itself() {
    let journal = Memory::new();
    let runtime = process(journal.clone());
    let run = begun(&runtime).await;
    process(Hooked::new(&journal, Visitor)).cancel_and_undo(&run).await.unwrap();
    settle().await;
    assert_eq!(done(), Vec::<String>::new());
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(journal);
    runtime.resume(&run).await.and_then(Ending::result).unwrap_err();
    assert_eq!((status(&runtime).await, done().len()), (Status::Cancelled, 2));
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_the_handle_cancels_and_undoes() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let handle = runtime.start(stuck()).await.unwrap();
    settle().await;
    let error = handle.cancel_and_undo().await.unwrap_err();
    assert_eq!(error.not_undone().count(), 1);
    assert_eq!(done(), ["stick 1", "pay 2", "refund 2"]);
    let lines = happened.lines();
    assert!(lines.contains(&"did step slow: the step was cancelled".to_owned()), "{lines:?}");
    let handle = runtime.start(part(1)).await.unwrap();
    settle().await;
    handle.cancel_and_undo().await.unwrap();
    assert_eq!(done(), ["pay 1", "refund 1"]);
    let handle = runtime.start(part(1)).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    handle.cancel_and_undo().await.unwrap();
    assert_eq!(done(), ["pay 1"], "it has ended, and stays as it is");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_not_there_or_has_ended_is_not_undone() {
    let runtime = process(Memory::new());
    let missing = runtime.cancel_and_undo(&RunId::named("s")).await.unwrap_err();
    assert_eq!(missing.message(), "the journal has no run `s`");
    let run = begun(&runtime).await;
    runtime.answer(&run, "approve").edit(json!(5)).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(7200)).await;
    let ended = runtime.cancel_and_undo(&run).await.unwrap_err();
    assert_eq!(ended.message(), "run `r` has finished already, so nothing is undone");
    done();
}
