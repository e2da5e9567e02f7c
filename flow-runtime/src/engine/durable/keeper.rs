//! The journal of a runtime, and its runs in this process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::alarms::Alarms;
use super::ledger::{Halt, Ledger};
use super::promise::Promises;
use super::shift::Shift;
use super::standing::Standing;
use super::verdicts::Verdicts;
use crate::clock::Clock;
use crate::engine::mutex::lock;
use crate::error::{Error, ErrorKind, Recorded, Result};
use crate::journal::{Query, Store};
use crate::place::RunId;
use crate::run::{RunState, Summary};

/// The journal of a runtime, and its runs.
pub(in crate::engine) struct Keeper {
    pub(super) store: Arc<dyn Store>,
    pub(in crate::engine) clock: Clock,
    linger: Duration,
    /// Runs that a task of this process executes, or waits for.
    pub(super) driving: Mutex<HashMap<RunId, Weak<Shift>>>,
    /// When runs that have left memory resume by themselves.
    pub(super) alarms: Mutex<Alarms>,
    pub(super) earlier: Notify,
    pub(super) promises: Arc<Promises>,
    pub(super) standing: Mutex<Standing>,
    pub(in crate::engine) verdicts: Verdicts,
    pub(super) minding: Mutex<Vec<JoinHandle<()>>>,
    /// Calls whose callers are gone.
    pub(super) carried: Mutex<Vec<JoinHandle<()>>>,
    /// The tasks that bring back the runs of a journal after it was opened.
    pub(super) returning: Mutex<Vec<JoinHandle<()>>>,
    pub(super) closed: Mutex<bool>,
    /// How many tasks a shutdown is waiting for.
    pub(super) leaving: watch::Sender<usize>,
    /// Why the journal failed, once it has.
    pub(super) failure: watch::Sender<Option<Recorded>>,
}

impl Keeper {
    pub(in crate::engine) fn new(
        store: Arc<dyn Store>,
        clock: Clock,
        linger: Duration,
        promises: Arc<Promises>,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            linger,
            driving: Mutex::default(),
            alarms: Mutex::default(),
            earlier: Notify::new(),
            promises,
            standing: Mutex::default(),
            verdicts: Verdicts::default(),
            minding: Mutex::default(),
            carried: Mutex::default(),
            returning: Mutex::default(),
            closed: Mutex::default(),
            leaving: watch::Sender::default(),
            failure: watch::Sender::default(),
        })
    }

    /// Returns whether the runtime was shut down.
    pub(super) fn is_closed(&self) -> bool {
        *lock(&self.closed)
    }

    pub(super) fn shifts(&self) -> Vec<Arc<Shift>> {
        lock(&self.driving).values().filter_map(Weak::upgrade).collect()
    }

    pub(in crate::engine) fn shift(&self, run: &RunId) -> Option<Arc<Shift>> {
        lock(&self.driving).get(run).and_then(Weak::upgrade)
    }

    /// Opens the records of a run for execution.
    pub(super) async fn open(&self, run: &RunId, is_fresh: bool) -> Result<Ledger> {
        if self.is_closed() {
            return Err(Halt::Shutdown.into_error());
        }
        if let Some(error) = self.failure() {
            return Err(error);
        }
        self.require_executing()?;
        let state = self.state_of(run, is_fresh).await.map_err(|why| self.stuck(run, why))?;
        Ok(Ledger::new(self.store.log(run), run.clone(), self.clock.clone(), self.linger, state))
    }

    /// Returns the current state of a run.
    pub(super) async fn read(&self, run: &RunId) -> Result<RunState> {
        self.store.state(run).await
    }

    /// Like [`read`](Self::read), but does not read anything for an id that was just generated.
    pub(super) async fn state_of(&self, run: &RunId, is_fresh: bool) -> Result<RunState> {
        if is_fresh { Ok(RunState::default()) } else { self.read(run).await }
    }

    /// Refuses to execute runs if this process only visits the journal.
    pub(super) fn require_executing(&self) -> Result<()> {
        match self.store.executes() {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::Setup,
                "this process only visits the journal, to read, answer and cancel runs; the process that opened the journal executes them",
            )),
        }
    }

    /// Tells the task that has a run to look at it again; returns `false` if no task has it.
    pub(in crate::engine) fn knock(&self, run: &RunId) -> bool {
        // Under the lock, so that the task cannot leave between the lookup and the knock.
        let driving = lock(&self.driving);
        let Some(shift) = driving.get(run).and_then(Weak::upgrade) else { return false };
        shift.knock();
        true
    }

    /// Returns a run's summary, which does not require its records to be readable.
    pub(super) async fn summary(&self, run: &RunId) -> Result<Option<Summary>> {
        Ok(self.store.runs(&Query::all().run(run.clone())).await?.pop())
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("store", &self.store).finish_non_exhaustive()
    }
}
