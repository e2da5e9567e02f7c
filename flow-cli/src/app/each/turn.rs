//! Runs that wait in memory give up their concurrency permit meanwhile.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use flow_runtime::event::{Event, Observer};
use flow_runtime::run::{Place, RunId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The waiting runs, with the places of their waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Arc<Mutex<HashMap<RunId, HashSet<Place>>>>);

impl Waiting {
    /// Number of waiting runs.
    pub(super) fn count(&self) -> usize {
        self.runs().len()
    }

    fn has(&self, run: &RunId) -> bool {
        self.runs().contains_key(run)
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<RunId, HashSet<Place>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Waiting {
    fn event(&self, event: &Event) {
        let mut runs = self.runs();
        match event {
            Event::WillWait { run, place, .. } => _ = runs.entry(run.clone()).or_default().insert(place.clone()),
            Event::DidStep { run, place, .. } => {
                let Some(places) = runs.get_mut(run) else { return };
                places.remove(place);
                if places.is_empty() {
                    runs.remove(run);
                }
            }
            Event::DidRun { run, .. } => _ = runs.remove(run),
            _ => {}
        }
    }
}

/// Executes a run, holding a permit except while it waits.
pub(super) async fn in_turn<T>(
    run: &RunId,
    waiting: &Waiting,
    turns: &Arc<Semaphore>,
    turn: OwnedSemaphorePermit,
    body: impl Future<Output = T>,
) -> T {
    let (mut body, mut turn) = (pin!(body), Some(turn));
    loop {
        if turn.is_none() {
            turn = turns.clone().acquire_owned().await.ok();
        }
        if let Poll::Ready(outcome) = poll_fn(|task| Poll::Ready(body.as_mut().poll(task))).await {
            return outcome;
        }
        if waiting.has(run) {
            turn = None;
        }
        woken().await;
    }
}

/// Completes when the task is next polled.
async fn woken() {
    let mut is_woken = false;
    poll_fn(|_| if std::mem::replace(&mut is_woken, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}
