//! Events and records on their way to whoever asked for them.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::Notify;

use super::{Shared, lock};
use crate::bill::Bill;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Observer};
use crate::provider::Spent;
use crate::ring::{Next, Ring};
use crate::run::{Place, Record, Run, RunId, Stamp};

/// How many events of a run are kept for its handle.
const EVENTS: usize = 1024;

/// The latest events of one run, kept for its handle.
#[derive(Debug)]
pub(super) struct Feed {
    events: Ring<Event>,
    bill: Mutex<Bill>,
    /// The run, which no journal keeps, is to be cancelled and undone.
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

    /// What the model calls have cost so far.
    pub(super) fn bill(&self) -> Bill {
        lock(&self.bill).clone()
    }

    /// Asks the run to give up and to undo its steps.
    pub(super) fn undo(&self) {
        self.undo.notify_one();
    }

    /// Waits until the run is to give up.
    pub(super) async fn undone(&self) {
        self.undo.notified().await;
    }

    pub(super) fn close(&self) {
        self.events.close();
    }

    /// The next event of a reader, once it has happened; `None` when the run ended before.
    pub(super) async fn next(&self, at: &mut u64) -> Option<Next<Event>> {
        self.events.next(at).await
    }
}

/// Closes a feed when its run is over, also where the run's task was ended from outside.
pub(super) struct Closing(pub(super) Option<Arc<Feed>>);

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(feed) = &self.0 {
            feed.close();
        }
    }
}

/// Who watches a run.
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
    /// Tells whoever watches; where nobody does, the event is not even built.
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

/// A run between its first event and its last. Dropped in between, it was cancelled: whoever watches is told, but nothing is
/// recorded, since a process that ends drops its runs too and they go on elsewhere.
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

    /// A value, if anybody records it.
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

    /// The run has ended.
    pub(super) fn did(&mut self, error: Option<&Error>) {
        self.ended = true;
        self.did_run(|| error.map(|error| error.in_run().to_string()));
    }

    /// The run has left memory; it goes on when what it waits for is there.
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
        shared.watch(None).event(|| unreachable!("nobody listens"));

        let feed = Arc::new(Feed::default());
        let run = crate::run::RunId::named("r1");
        shared.watch(Some(&feed)).event(|| Event::DidRun { run, error: None });
        let next = feed.next(&mut 0).await;
        assert!(matches!(next, Some(Next::Item(Event::DidRun { .. }))), "{next:?}");
    }
}
