//! Delivers events and records to observers and handles.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::Notify;

use super::{Shared, lock};
use crate::bill::Bill;
use crate::call::Run;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Observer};
use crate::place::{Place, RunId};
use crate::provider::Spent;
use crate::ring::{Next, Ring};
use crate::run::{Record, Stamp};

/// How many events of a run are kept for its handle.
const EVENTS: usize = 1024;

/// The latest events of one run, kept for its handle.
#[derive(Debug)]
pub(super) struct Feed {
    events: Ring<Event>,
    bill: Mutex<Bill>,
    /// Requests that the run, which has no journal, be cancelled and undone.
    undo: Notify,
}

impl Default for Feed {
    fn default() -> Self {
        Self { events: Ring::new(EVENTS), bill: Mutex::default(), undo: Notify::new() }
    }
}

impl Feed {
    fn push(&self, event: Event) {
        lock(&self.bill).add(&event);
        self.events.push(event, 1);
    }

    pub(super) fn bill(&self) -> Bill {
        lock(&self.bill).clone()
    }

    /// Asks the run to stop and undo its steps.
    pub(super) fn undo(&self) {
        self.undo.notify_one();
    }

    /// Waits until the run is asked to stop and undo its steps.
    pub(super) async fn undone(&self) {
        self.undo.notified().await;
    }

    pub(super) fn close(&self) {
        self.events.close();
    }

    /// Waits for a reader's next event; `None` after the last.
    pub(super) async fn next(&self, at: &mut u64) -> Option<Next<Event>> {
        self.events.next(at).await
    }
}

/// Closes a feed when its run is over, even if the run's task was aborted.
pub(super) struct Closing(pub(super) Option<Arc<Feed>>);

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(feed) = &self.0 {
            feed.close();
        }
    }
}

/// The observers of a run.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    observers: &'a [Arc<dyn Observer>],
    feed: Option<&'a Arc<Feed>>,
}

impl Shared {
    pub(super) fn watch<'a>(&'a self, feed: Option<&'a Arc<Feed>>) -> Watch<'a> {
        Watch { observers: &self.observers, feed }
    }
}

impl Watch<'_> {
    /// Passes an event to observers and the feed. If there are none, the event is not even built.
    pub(super) fn event(&self, event: impl FnOnce() -> Event) {
        if self.observers.is_empty() && self.feed.is_none() {
            return;
        }
        let event = event();
        self.observers.iter().for_each(|observer| observer.event(&event));
        if let Some(feed) = self.feed {
            feed.push(event);
        }
    }

    pub(super) fn record(&self, record: &Record) {
        self.observers.iter().filter(|observer| observer.wants_records()).for_each(|observer| observer.record(record));
    }

    fn records(&self) -> bool {
        self.observers.iter().any(|observer| observer.wants_records())
    }
}

/// A run between its first event and its last. If it is dropped in between, it was cancelled: observers are told, but
/// nothing is recorded, since a process that exits drops its runs too, and they continue elsewhere.
pub(super) struct Underway<'a> {
    watch: Watch<'a>,
    run: RunId,
    workflow: &'static str,
    ended: bool,
}

impl<'a> Underway<'a> {
    pub(super) fn begin(watch: Watch<'a>, run: &Run) -> Self {
        let (run, workflow) = (run.id().clone(), run.workflow);
        watch.event(|| Event::WillRun { run: run.clone(), workflow });
        Self { watch, run, workflow, ended: false }
    }

    pub(super) fn record_input(&self, offline: bool, input: impl FnOnce() -> Result<Value>) -> Result<()> {
        if self.watch.records() {
            let (run, workflow, at) = (self.run.clone(), self.workflow.to_owned(), Stamp::now());
            self.watch.record(&Record::RunStarted { run, workflow, input: input()?, promise: None, offline, at });
        }
        Ok(())
    }

    /// Returns the value if records are observed, else null.
    pub(super) fn recorded(&self, value: impl FnOnce() -> Result<Value>) -> Result<Value> {
        if self.watch.records() { value() } else { Ok(Value::Null) }
    }

    pub(super) fn end(mut self, outcome: Result<Value, &Error>, undone: Vec<Place>, spent: Spent) {
        if self.watch.records() {
            let (run, at) = (self.run.clone(), Stamp::now());
            self.watch.record(&match &outcome {
                Ok(output) => Record::RunFinished { run, output: output.clone(), spent, at },
                Err(error) if *error.kind() == ErrorKind::Cancelled => Record::RunCancelled { run, at },
                Err(error) => {
                    let (kind, text) = (error.kind().name().into(), error.in_run().to_string());
                    let failure = Box::new((*error).into());
                    Record::RunFailed { run, kind, error: text, failure, undone, spent, at }
                }
            });
        }
        self.did(outcome.err());
    }

    /// Reports that the run ended.
    pub(super) fn did(&mut self, error: Option<&Error>) {
        self.ended = true;
        self.did_run(|| error.map(|error| error.in_run().to_string()));
    }

    /// Notes that the run has left memory, so that dropping this does not report a cancellation. The run continues when
    /// its waits end.
    pub(super) fn left(&mut self) {
        self.ended = true;
    }

    fn did_run(&self, error: impl FnOnce() -> Option<String>) {
        self.watch.event(|| Event::DidRun { run: self.run.clone(), error: error() });
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.did_run(|| Some("the run was cancelled".into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_event_that_nobody_hears_is_not_built() {
        let shared = Shared::default();
        shared.watch(None).event(|| unreachable!("there is no observer"));

        let feed = Arc::new(Feed::default());
        let run = crate::place::RunId::named("r1");
        shared.watch(Some(&feed)).event(|| Event::DidRun { run, error: None });
        let next = feed.next(&mut 0).await;
        assert!(matches!(next, Some(Next::Item(Event::DidRun { .. }))), "{next:?}");
    }
}
