//! Events and records on their way to whoever asked for them.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::Notify;

use super::{Shared, lock};
use crate::error::{Error, Result};
use crate::event::{Event, Observer};
use crate::run::{Record, Run, Stamp};

/// The events of one run, kept for its handle.
#[derive(Debug, Default)]
pub(super) struct Feed {
    inner: Mutex<(Vec<Event>, bool)>,
    news: Notify,
}

impl Feed {
    fn push(&self, event: Event) {
        lock(&self.inner).0.push(event);
        self.news.notify_waiters();
    }

    pub(super) fn close(&self) {
        lock(&self.inner).1 = true;
        self.news.notify_waiters();
    }

    /// The event at a position, once it has happened; `None` when the run ended before.
    pub(super) async fn get(&self, at: usize) -> Option<Event> {
        loop {
            let news = self.news.notified();
            let mut news = std::pin::pin!(news);
            // Listen first: an event between the look and the wait would be missed otherwise.
            news.as_mut().enable();
            {
                let inner = lock(&self.inner);
                if let Some(event) = inner.0.get(at) {
                    return Some(event.clone());
                }
                if inner.1 {
                    return None;
                }
            }
            news.await;
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
    pub(super) fn watch<'a>(&'a self, _: &Run, feed: Option<&'a Arc<Feed>>) -> Watch<'a> {
        Watch { observers: &self.observers, feed }
    }
}

impl Watch<'_> {
    pub(super) fn event(&self, event: Event) {
        self.observers.iter().for_each(|observer| observer.event(&event));
        if let Some(feed) = self.feed {
            feed.push(event);
        }
    }

    pub(super) fn record(&self, record: &Record) {
        self.observers.iter().filter(|observer| observer.wants_records()).for_each(|observer| observer.record(record));
    }

    pub(super) fn records(&self) -> bool {
        self.observers.iter().any(|observer| observer.wants_records())
    }

    pub(super) fn will_run(&self, run: &Run, input: impl FnOnce() -> Result<Value>) -> Result<()> {
        if self.records() {
            let (id, workflow) = (run.id.clone(), run.workflow.to_owned());
            self.record(&Record::RunStarted { run: id, workflow, input: input()?, at: Stamp::now() });
        }
        if !run.quiet {
            self.event(Event::WillRun { run: run.id.clone(), workflow: run.workflow });
        }
        Ok(())
    }

    pub(super) fn did_run(&self, run: &Run, error: Option<&Error>) {
        if self.records() {
            let (id, at) = (run.id.clone(), Stamp::now());
            self.record(&match error {
                None => Record::RunFinished { run: id, at },
                Some(error) => {
                    Record::RunFailed { run: id, kind: error.kind().name().into(), error: error.to_string(), at }
                }
            });
        }
        if !run.quiet {
            self.event(Event::DidRun { run: run.id.clone(), error: error.map(ToString::to_string) });
        }
    }
}
