//! Notifies waiting clients that runs have ended, and passes events to those that follow runs.

use std::sync::Arc;

use flow_runtime::event::{Event, Observer};
use flow_runtime::run::RunId;
use tokio::sync::broadcast;

use super::bounded::Bounded;
use super::followers::Followers;

/// How many notifications are kept for slow receivers; slower ones query the journal.
const BEHIND: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct Watcher {
    pub(super) ends: broadcast::Sender<RunId>,
    pub(super) bounded: Option<Arc<Bounded>>,
    pub(super) followers: Followers,
}

impl Watcher {
    pub(super) fn new(bounded: Option<Arc<Bounded>>) -> Self {
        Self { ends: broadcast::Sender::new(BEHIND), bounded, followers: Followers::default() }
    }

    /// Notifies waiting clients that a run may have ended, so that they check.
    pub(super) fn tell(&self, run: &RunId) {
        // An error means that there are no receivers.
        let _ = self.ends.send(run.clone());
    }
}

impl Observer for Watcher {
    fn wants_pieces(&self, run: &RunId) -> bool {
        self.followers.has(run)
    }

    fn event(&self, event: &Event) {
        self.followers.tell(event);
        if let Event::DidRun { run, .. } = event {
            if let Some(bounded) = &self.bounded {
                bounded.ended(run);
            }
            self.tell(run);
        }
    }
}

/// Waits until a run may have ended.
pub(super) async fn end_of(run: &RunId, ends: &mut broadcast::Receiver<RunId>) {
    while let Ok(ended) = ends.recv().await {
        if ended == *run {
            return;
        }
    }
    // Notifications were lost, so any run may have ended.
}
