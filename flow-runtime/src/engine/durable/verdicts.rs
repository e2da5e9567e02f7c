//! Verdicts of a run's gates on an answer, reported to the caller who gave it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;

use super::shift::Shift;
use crate::engine::mutex::lock;
use crate::error::{Error, ErrorKind, Result};
use crate::place::{Place, RunId};

/// Calls that gave an answer and wait for the verdict.
#[derive(Debug, Default)]
pub(in crate::engine) struct Verdicts(Mutex<HashMap<RunId, Vec<Listener>>>);

#[derive(Debug)]
struct Listener {
    place: Place,
    tell: oneshot::Sender<Result<()>>,
}

/// The verdict that one call waits for.
pub(super) struct Verdict {
    hear: oneshot::Receiver<Result<()>>,
    /// The task that had the run before the answer, and how often it had been polled by then.
    shift: Option<Arc<Shift>>,
    moves: u64,
}

/// How long to wait for a run that is not being polled.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

impl Verdicts {
    /// Listens for the verdict on the next answer to a step. `shift` is the task that has the run, if any.
    pub(super) fn listen(&self, run: &RunId, place: &Place, shift: Option<Arc<Shift>>) -> Verdict {
        let (tell, hear) = oneshot::channel();
        lock(&self.0).entry(run.clone()).or_default().push(Listener { place: place.clone(), tell });
        let moves = shift.as_ref().map_or(0, |shift| shift.moves());
        Verdict { hear, shift, moves }
    }

    /// Reports that the answer to a step was accepted, or rejected with an error.
    pub(super) fn tell(&self, run: &RunId, place: &Place, verdict: impl Fn() -> Result<()>) {
        let mut all = lock(&self.0);
        let Some(listeners) = all.get_mut(run) else { return };
        let (told, others): (Vec<_>, _) =
            std::mem::take(listeners).into_iter().partition(|listener| listener.place == *place);
        *listeners = others;
        if listeners.is_empty() {
            all.remove(run);
        }
        drop(all);
        // Fails only if the caller has stopped listening.
        told.into_iter().for_each(|listener| _ = listener.tell.send(verdict()));
    }

    /// Reports that a step that was answered has been dropped.
    pub(in crate::engine) fn withdraw(&self, run: &RunId, place: &Place) {
        self.tell(run, place, || Err(withdrawn(run, place)));
    }

    /// Drops the listeners of a run that has no executor any more, since no one will judge their answers.
    pub(super) fn give_up(&self, run: &RunId) {
        lock(&self.0).remove(run);
    }
}

/// The error of an answer that came too late, because another branch of a race has succeeded, or a failure has dropped the step.
pub(super) fn withdrawn(run: &RunId, place: &Place) -> Error {
    Error::new(
        ErrorKind::Setup,
        format!("`{place}` in run `{run}` is no longer waiting: another part of the run has ended it"),
    )
}

impl Verdict {
    /// Waits for the verdict; `None` if the run stops first, or is not being polled. It judges the answer when it
    /// continues.
    pub(super) async fn heard(mut self) -> Option<Result<()>> {
        if let Some(shift) = self.shift.take() {
            tokio::select! {
                biased;
                verdict = &mut self.hear => return verdict.ok(),
                () = tokio::time::sleep(PATIENCE) => {}
            }
            // The task that polls the run may be the one waiting here.
            if shift.moves() == self.moves {
                return None;
            }
        }
        self.hear.await.ok()
    }
}
