//! The runs that this process holds: found by id, bounded in number.

mod recorder;
mod run;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flow_runtime::engine::{Ready, Runtime};
use tokio::sync::watch;

pub(crate) use recorder::Recorder;
pub(crate) use run::{Asked, Outcome, Run};

use crate::service::Limits;

/// The runs under way, and the latest of those that have ended.
#[derive(Debug)]
pub(crate) struct Runs {
    limits: Limits,
    held: Mutex<Held>,
    /// How many are under way.
    running: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Held {
    by_id: HashMap<String, Arc<Run>>,
    /// The ids of the runs that have ended, the oldest first.
    ended: VecDeque<String>,
    closed: bool,
}

/// Why a run is not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The id is that of a run of something else.
    Taken,
    /// As many runs as allowed are under way.
    Full,
    /// The service is stopping.
    Closed,
}

impl Runs {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, held: Mutex::default(), running: watch::Sender::new(0) })
    }

    /// The run of this id: the one that is there, or a new one as a task of its own.
    pub(crate) fn start(
        self: &Arc<Self>,
        id: &str,
        asked: Asked,
        ready: Ready,
        runtime: &Runtime,
    ) -> Result<Arc<Run>, Refusal> {
        let mut held = self.held();
        if let Some(run) = held.by_id.get(id) {
            return if run.asked == asked { Ok(run.clone()) } else { Err(Refusal::Taken) };
        }
        if held.closed {
            return Err(Refusal::Closed);
        }
        if *self.running.borrow() >= self.limits.running_runs {
            return Err(Refusal::Full);
        }
        let run = Arc::new(Run::new(id, asked));
        held.by_id.insert(id.to_owned(), run.clone());
        self.running.send_modify(|running| *running += 1);
        let underway = Underway { runs: self.clone(), run: run.clone() };
        let body = ready(runtime);
        run.is_task(tokio::spawn(async move { underway.run.end(body.await) }).abort_handle());
        Ok(run)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Run>> {
        self.held().by_id.get(id).cloned()
    }

    /// Cancels a run whose id nobody knows.
    pub(crate) fn forget(&self, run: &Run) {
        self.held().by_id.remove(&run.id);
        run.cancel();
    }

    /// Starts nothing from now on.
    pub(crate) fn close(&self) {
        self.held().closed = true;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.held().closed
    }

    /// Waits until no run is under way.
    pub(crate) async fn idle(&self) {
        let mut running = self.running.subscribe();
        // The sender is held here, so the wait ends with an answer.
        let _ = running.wait_for(|running| *running == 0).await;
    }

    /// Cancels the runs that are under way, and says how many they are.
    pub(crate) fn cancel(&self) -> usize {
        let held = self.held();
        let running: Vec<_> = held.by_id.values().filter(|run| run.outcome_so_far().is_none()).collect();
        running.iter().for_each(|run| run.cancel());
        running.len()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, run: &Run) {
        let mut held = self.held();
        if held.by_id.contains_key(&run.id) {
            held.ended.push_back(run.id.clone());
        }
        while held.ended.len() > self.limits.ended_runs {
            if let Some(oldest) = held.ended.pop_front() {
                held.by_id.remove(&oldest);
            }
        }
        self.running.send_modify(|running| *running -= 1);
    }
}

/// A run under way in its task. The task may be ended from outside at any time.
struct Underway {
    runs: Arc<Runs>,
    run: Arc<Run>,
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.run.end_cancelled();
        self.runs.ended(&self.run);
    }
}
