//! Tells that runs have ended.

use std::sync::Arc;

use flow_runtime::event::{Event, Observer};
use flow_runtime::run::RunId;
use tokio::sync::broadcast;

use super::bounded::Bounded;

/// The latest ends that are held for whoever is slow to look; who is slower looks at the journal.
const BEHIND: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct Watcher {
    pub(super) ends: broadcast::Sender<RunId>,
    pub(super) bounded: Option<Arc<Bounded>>,
}

impl Watcher {
    pub(super) fn new(bounded: Option<Arc<Bounded>>) -> Self {
        Self { ends: broadcast::Sender::new(BEHIND), bounded }
    }

    /// A run may have ended: whoever waits for it looks.
    pub(super) fn tell(&self, run: &RunId) {
        // An error says that nobody waits.
        let _ = self.ends.send(run.clone());
    }
}

impl Observer for Watcher {
    fn event(&self, event: &Event) {
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
    // Too many have ended meanwhile to say which.
}
