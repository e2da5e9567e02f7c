//! The latest events of a run, kept for its handle.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::mutex::lock;
use crate::bill::Bill;
use crate::event::Event;
use crate::ring::{Next, Ring};

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
    pub(super) fn push(&self, event: Event) {
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
