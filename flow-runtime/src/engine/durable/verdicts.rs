//! What the gates of a run say of an answer, told to whoever has given it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;

use super::shift::Shift;
use crate::engine::lock;
use crate::error::Result;
use crate::run::{Place, RunId};

/// Calls that have given an answer and wait to hear of it.
#[derive(Debug, Default)]
pub(in crate::engine) struct Verdicts(Mutex<HashMap<RunId, Vec<Listener>>>);

#[derive(Debug)]
struct Listener {
    place: Place,
    tell: oneshot::Sender<Result<()>>,
}

/// What one call waits for.
pub(super) struct Verdict {
    hear: oneshot::Receiver<Result<()>>,
    /// The task that had the run before the answer, and how often it was polled by then.
    shift: Option<Arc<Shift>>,
    moves: u64,
}

/// How long a run is waited for that nobody polls.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

impl Verdicts {
    /// Listens for the verdict on the next answer to a step of a run, which a task may have.
    pub(super) fn listen(&self, run: &RunId, place: &Place, shift: Option<Arc<Shift>>) -> Verdict {
        let (tell, hear) = oneshot::channel();
        lock(&self.0).entry(run.clone()).or_default().push(Listener { place: place.clone(), tell });
        let moves = shift.as_ref().map_or(0, |shift| shift.moves());
        Verdict { hear, shift, moves }
    }

    /// The answer to a step was accepted, or rejected with an error.
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
        // Whoever does not listen any more needs no verdict.
        told.into_iter().for_each(|listener| _ = listener.tell.send(verdict()));
    }

    /// Nobody takes the run further, so that nobody will judge.
    pub(super) fn give_up(&self, run: &RunId) {
        lock(&self.0).remove(run);
    }
}

impl Verdict {
    /// The verdict; `None` where the run has stopped before there was one, or nobody polls it: it judges when it goes on.
    pub(super) async fn heard(mut self) -> Option<Result<()>> {
        if let Some(shift) = self.shift.take() {
            tokio::select! {
                biased;
                verdict = &mut self.hear => return verdict.ok(),
                () = tokio::time::sleep(PATIENCE) => {}
            }
            // Its task may be the one that waits here.
            if shift.moves() == self.moves {
                return None;
            }
        }
        self.hear.await.ok()
    }
}
