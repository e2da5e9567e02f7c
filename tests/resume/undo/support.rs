//! Runs each scenario without observers, with an observer, with a journal, and from each prefix of its records.

use std::cell::RefCell;
use std::collections::BTreeMap;

use flow::Workflow;
use flow::journal::{Memory, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};

use crate::prefixes::Batches;
use crate::support::{lines, tokio_clock};

thread_local! {
    /// What bodies have done and where, in order. Each test runs on its own thread.
    static LOG: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Logs what a body has done.
pub fn log(what: impl Into<String>) {
    let place = flow::current().map_or_else(|_| String::new(), |current| current.place.to_string());
    LOG.with_borrow_mut(|log| log.push((what.into(), place)));
}

/// What bodies have done since the last call.
pub fn done() -> Vec<String> {
    LOG.take().into_iter().map(|(what, _)| what).collect()
}

/// The output, or the text of the error.
fn told(outcome: Result<String>) -> String {
    outcome.unwrap_or_else(|error| error.in_run().to_string())
}

/// Runs a scenario in every way: outcome and log must be as expected, and resuming changes neither.
pub async fn check<W: Workflow<String>>(call: impl Fn() -> W, outcome: &str, expected: &[&str]) {
    let quiet = Runtime::builder().build().unwrap();
    assert_eq!(told(quiet.run(call()).await), outcome);
    assert_eq!(done(), expected, "without observers");
    let watched = Runtime::test().build().unwrap().0;
    assert_eq!(told(watched.run(call()).await), outcome);
    assert_eq!(done(), expected, "with an observer");
    let (journal, id) = (Batches::default(), RunId::named("r"));
    assert_eq!(told(kept(&journal, &call).await), outcome);
    let all = LOG.take();
    assert_eq!(all.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), expected, "with a journal");
    let records = journal.read(&id).await.unwrap();
    for length in journal.hooks.lengths() {
        let (journal, prefix) = (Batches::default(), &records[..length]);
        journal.append(&id, prefix).await.unwrap();
        assert_eq!(told(kept(&journal, &call).await), outcome, "from {:?}", lines(prefix));
        let again = LOG.take();
        let expected = all.iter().filter(|(_, place)| !has_ended(prefix, place)).map(|(_, place)| place.as_str());
        let again = again.iter().map(|(_, place)| place.as_str());
        assert_eq!(counted(again), counted(expected), "from {:?}", lines(prefix));
        let now = journal.read(&id).await.unwrap();
        assert_eq!(counted(ends(&now).iter().map(String::as_str)), counted(ends(&records).iter().map(String::as_str)));
    }
}

async fn kept<W: Workflow<String>>(journal: &Batches, call: &impl Fn() -> W) -> Result<String> {
    let runtime = Runtime::builder().journal(journal.clone()).clock(tokio_clock).build().unwrap();
    runtime.run(call().id("r")).await
}

/// The records without starts, since interrupted steps start twice, and without steps cancelled by a time limit,
/// since a resumed step reaches its limit at another point.
fn ends(records: &[Record]) -> Vec<String> {
    let is_end = |line: &String| !line.starts_with("step_started") && !line.starts_with("step_cancelled");
    lines(records).into_iter().filter(is_end).collect()
}

fn has_ended(records: &[Record], at: &str) -> bool {
    records.iter().any(|record| match record {
        Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => place.as_str() == at,
        _ => false,
    })
}

fn counted<'a>(all: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u32> {
    let mut counts = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    counts
}

/// The records of a run that ran to its end with a journal.
pub async fn records<W: Workflow<String>>(call: impl Fn() -> W) -> Vec<Record> {
    let journal = Memory::new();
    let runtime = Runtime::builder().journal(journal.clone()).clock(tokio_clock).build().unwrap();
    let _ = runtime.run(call().id("r")).await;
    journal.read(&RunId::named("r")).await.unwrap()
}
