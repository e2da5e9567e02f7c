//! Brings runs back to memory: on time, on news, and after the journal was opened.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::attendance::Attendance;
use super::keeper::Keeper;
use super::ledger::Halt;
use crate::engine::mutex::lock;
use crate::engine::runtime::{Known, Runtime, WeakRuntime};
use crate::error::Result;
use crate::place::RunId;
use crate::run::Status;

/// How many runs are brought back to memory at once. Usually most of them leave it again immediately, since they wait.
const RETURNING: usize = 64;

/// A run found by [`Runtime::resume_all`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resumed {
    /// The id of the run.
    pub run: RunId,
    /// The name of its workflow.
    pub workflow: String,
    /// Whether the runtime knows the workflow. Runs of unknown workflows are left alone.
    pub known: bool,
}

impl Keeper {
    /// Something arrived for a run: tells the task that has it, or resumes the run if none does.
    pub(super) async fn wake(self: &Arc<Self>, runtime: &Runtime, run: &RunId) -> Result<()> {
        if self.knock(run) || !self.store.executes() {
            return Ok(());
        }
        let attended = self.attend(run);
        let state = self.read(run).await?;
        let known = state.began.filter(|_| state.end.is_none()).and_then(|began| runtime.registry.get(&began.workflow));
        if let Some(known) = known {
            go_on(known, runtime.clone(), attended, None);
        }
        Ok(())
    }

    /// Reads what another process added to a run.
    pub(super) async fn hear(self: &Arc<Self>, runtime: &Runtime, run: &RunId) -> Result<()> {
        let Some(ledger) = self.shift(run).and_then(|shift| shift.ledger()) else {
            return self.wake(runtime, run).await;
        };
        match self.read(run).await {
            Ok(state) => ledger.hear(state),
            Err(error) => match self.summary(run).await? {
                Some(run) if run.status == Status::Cancelled => ledger.halt(Halt::Cancelled),
                _ => return Err(error),
            },
        }
        Ok(())
    }

    /// Starts the tasks that resume runs on time and listen to other processes; called whenever a run starts.
    pub(in crate::engine) fn mind(self: &Arc<Self>, runtime: &Runtime) {
        if !self.store.executes() || self.is_closed() {
            return;
        }
        let mut minding = lock(&self.minding);
        if minding.iter().any(|task| !task.is_finished()) {
            return;
        }
        let weak = runtime.downgrade();
        let tasks =
            [tokio::spawn(ring_alarms(self.clone(), weak.clone())), tokio::spawn(hear_news(self.clone(), weak))];
        minding.extend(tasks);
    }

    /// Resumes every run that has not ended.
    pub(in crate::engine) async fn resume_all(self: &Arc<Self>, runtime: &Runtime) -> Result<Vec<Resumed>> {
        self.require_executing()?;
        let (mut all, mut returning) = (Vec::new(), Vec::new());
        for (run, workflow) in self.store.unfinished().await? {
            let known = runtime.registry.get(&workflow);
            returning.extend(known.filter(|_| self.shift(&run).is_none()).map(|known| (run.clone(), known)));
            if let Err(unknown) = runtime.registry.of_run(&run, &workflow) {
                self.stuck(&run, unknown);
            }
            all.push(Resumed { run, workflow, known: known.is_some() });
        }
        self.queue(returning.iter().map(|(run, _)| run.clone()));
        let task = tokio::spawn(bring_back(self.clone(), runtime.downgrade(), returning));
        let mut returning = lock(&self.returning);
        returning.retain(|task| !task.is_finished());
        returning.push(task);
        drop(returning);
        Ok(all)
    }
}

/// Resumes runs in order, a limited number at a time, until all are in memory.
async fn bring_back(keeper: Arc<Keeper>, runtime: WeakRuntime, runs: Vec<(RunId, Known)>) {
    let turns = Arc::new(Semaphore::new(RETURNING));
    for (run, known) in runs {
        let turn = turns.clone().acquire_owned().await.ok();
        let Some(runtime) = runtime.upgrade().filter(|_| !keeper.is_closed()) else { return keeper.dequeue_all() };
        let attended = keeper.attend(&run);
        keeper.dequeue(&run);
        // A caller may have started it in the meantime.
        if keeper.shift(&run).is_none() {
            go_on(known, runtime, attended, turn);
        }
    }
}

/// Resumes a run in its own task.
fn go_on(known: Known, runtime: Runtime, attended: Attendance, turn: Option<OwnedSemaphorePermit>) {
    let resumed = (known.resume)(runtime, attended.run().clone(), turn);
    tokio::spawn(async move {
        // The result is in the run's records; an obstacle was stored for those who ask.
        let _ = resumed.await;
        drop(attended);
    });
}

/// Resumes runs at their wake-up times.
async fn ring_alarms(keeper: Arc<Keeper>, runtime: WeakRuntime) {
    loop {
        let next = lock(&keeper.alarms).next();
        if next.is_none_or(|moment| moment > keeper.clock.now()) {
            tokio::select! {
                () = keeper.clock.until(next) => {}
                () = keeper.earlier.notified() => {}
            }
            continue;
        }
        let due = lock(&keeper.alarms).pop();
        let (Some(run), Some(runtime)) = (due, runtime.upgrade()) else { continue };
        // An error here occurs again, and is reported, when the run is asked for.
        let _ = keeper.wake(&runtime, &run).await;
    }
}

/// Takes in what other processes add to the journal.
async fn hear_news(keeper: Arc<Keeper>, runtime: WeakRuntime) {
    loop {
        let runs = match keeper.store.news().await {
            Ok(runs) => runs,
            Err(error) => return keeper.fails(&error),
        };
        let Some(runtime) = runtime.upgrade() else { return };
        for run in runs {
            let _ = keeper.hear(&runtime, &run).await;
        }
    }
}
