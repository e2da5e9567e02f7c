//! The runs of a runtime with a journal: which task executes them, and when they return to memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;

use super::alarms::Alarms;
use super::ledger::{Halt, Ledger};
use super::promise::Promises;
use super::shift::{Driver, Shift};
use super::standing::{Attendance, Standing};
use super::verdicts::Verdicts;
use crate::clock::Clock;
use crate::ending::Ending;
use crate::engine::known::{Known, Registry};
use crate::engine::watch::Feed;
use crate::engine::{Runtime, WeakRuntime, lock};
use crate::error::{Error, ErrorKind, Recorded, Result};
use crate::journal::{Query, Store};
use crate::place::RunId;
use crate::run::{End, Record, RunState, Stamp, Status, Summary};

/// How many runs are brought back to memory at once. Usually most of them leave it again immediately, since they wait.
const RETURNING: usize = 64;

/// The journal of a runtime, and its runs.
pub(in crate::engine) struct Keeper {
    pub(super) store: Arc<dyn Store>,
    pub(in crate::engine) clock: Clock,
    linger: Duration,
    /// Runs that a task of this process executes, or waits for.
    driving: Mutex<HashMap<RunId, Weak<Shift>>>,
    /// The workflows that can be resumed, by name.
    pub(super) registry: Arc<Registry>,
    /// When runs that have left memory resume by themselves.
    alarms: Mutex<Alarms>,
    earlier: Notify,
    pub(super) promises: Arc<Promises>,
    pub(super) standing: Mutex<Standing>,
    pub(super) verdicts: Verdicts,
    minding: Mutex<Vec<JoinHandle<()>>>,
    /// Calls whose callers are gone.
    carried: Mutex<Vec<JoinHandle<()>>>,
    /// The tasks that bring back the runs of a journal after it was opened.
    returning: Mutex<Vec<JoinHandle<()>>>,
    closed: Mutex<bool>,
    /// How many tasks a shutdown is waiting for.
    leaving: watch::Sender<usize>,
    /// Why the journal failed, once it has.
    pub(super) failure: watch::Sender<Option<Recorded>>,
}

/// A run that was asked to continue.
pub(super) enum Reopened {
    /// It has already ended.
    Ended(Ending<Value>),
    Open(Known),
}

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
    pub(in crate::engine) fn new(
        store: Arc<dyn Store>,
        clock: Clock,
        linger: Duration,
        registry: Arc<Registry>,
        promises: Arc<Promises>,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            linger,
            driving: Mutex::default(),
            registry,
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

    /// Removes a run from memory until `until`, unless something arrived for it since its task last looked.
    pub(super) fn leave_to(&self, driver: &Driver, until: Option<Stamp>) -> bool {
        let mut driving = lock(&self.driving);
        if driver.shift().was_knocked() {
            return false;
        }
        // From here on, callers find no task and resume the run.
        driving.remove(driver.run());
        if let Some(until) = until {
            lock(&self.alarms).set(driver.run(), until);
            self.earlier.notify_one();
        }
        true
    }

    /// Takes on a run, unless a task already has it.
    pub(super) fn claim(self: &Arc<Self>, run: &RunId, feed: Option<Arc<Feed>>) -> Result<Driver, Arc<Shift>> {
        let mut driving = lock(&self.driving);
        if let Some(shift) = driving.get(run).and_then(Weak::upgrade) {
            return Err(shift);
        }
        let driver = Driver::new(self.clone(), run.clone(), feed);
        driving.insert(run.clone(), Arc::downgrade(driver.shift()));
        lock(&self.alarms).clear(run);
        Ok(driver)
    }

    /// Removes a task's hold on a run. If the run had left memory, another task may have it by now.
    pub(super) fn forget(&self, shift: &Arc<Shift>) {
        let mut driving = lock(&self.driving);
        if driving.get(shift.run()).is_some_and(|other| std::ptr::eq(other.as_ptr(), Arc::as_ptr(shift))) {
            driving.remove(shift.run());
        }
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

    /// Something arrived for a run: tells the task that has it, or resumes the run if none does.
    pub(super) async fn wake(self: &Arc<Self>, runtime: &Runtime, run: &RunId) -> Result<()> {
        if self.knock(run) || !self.store.executes() {
            return Ok(());
        }
        let attended = self.attend(run);
        let state = self.read(run).await?;
        let known = state.began.filter(|_| state.end.is_none()).and_then(|began| self.registry.get(&began.workflow));
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

    /// Returns a run's summary, which does not require its records to be readable.
    async fn summary(&self, run: &RunId) -> Result<Option<Summary>> {
        Ok(self.store.runs(&Query::all().run(run.clone())).await?.pop())
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

    /// The runtime is gone: stops the background tasks, so that another process can open the journal.
    pub(in crate::engine) fn retire(&self) {
        lock(&self.minding).drain(..).chain(lock(&self.returning).drain(..)).for_each(|task| task.abort());
    }

    /// Resumes every run that has not ended.
    pub(in crate::engine) async fn resume_all(self: &Arc<Self>, runtime: &Runtime) -> Result<Vec<Resumed>> {
        self.require_executing()?;
        let (mut all, mut returning) = (Vec::new(), Vec::new());
        for (run, workflow) in self.store.unfinished().await? {
            let known = self.registry.get(&workflow);
            returning.extend(known.filter(|_| self.shift(&run).is_none()).map(|known| (run.clone(), known)));
            if let Err(unknown) = self.require_known(&run, &workflow) {
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

    /// Continues a run, even one that has failed.
    pub(in crate::engine) async fn resume(&self, runtime: &Runtime, run: &RunId) -> Result<Ending<Value>> {
        self.require_executing()?;
        match self.reopen(run).await? {
            Reopened::Ended(ending) => Ok(ending),
            Reopened::Open(known) => (known.resume)(runtime.clone(), run.clone(), None).await,
        }
    }

    /// Makes sure that a run can continue, even one that has failed.
    pub(super) async fn reopen(&self, run: &RunId) -> Result<Reopened> {
        let mut state = self.read(run).await?;
        let refuse = |text: String| Err(Error::new(ErrorKind::Setup, text));
        let Some(began) = state.began.clone() else { return refuse(format!("the journal has no run `{run}`")) };
        let known = self.require_known(run, &began.workflow)?;
        match state.end.take() {
            Some(End::Cancelled) => return refuse(format!("run `{run}` was cancelled; start a new one")),
            Some(End::Failed(_, undone)) if !undone.is_empty() => {
                let undone: Vec<_> = undone.iter().map(|place| format!("`{place}`")).collect();
                return refuse(format!("run `{run}` failed and has undone {}; start a new one", undone.join(", ")));
            }
            Some(End::Failed(..)) => {
                // Checked before the record is written: a build that cannot continue the run leaves it as it is.
                self.promises.take_over(run, &mut state, known.meta)?;
                let record = Record::RunResumed { run: run.clone(), at: self.clock.now() };
                self.append(run, &[record]).await?;
            }
            Some(End::Finished(output)) => return Ok(Reopened::Ended(Ending::Finished(output))),
            None => {}
        }
        Ok(Reopened::Open(known))
    }

    /// Returns the workflow of a run; fails if this program does not have it.
    pub(super) fn require_known(&self, run: &RunId, workflow: &str) -> Result<Known> {
        self.registry.get(workflow).ok_or_else(|| {
            let text = format!("run `{run}` belongs to workflow `{workflow}`, which this program does not have");
            Error::new(ErrorKind::Setup, text)
        })
    }

    /// Cancels a run permanently.
    pub(in crate::engine) async fn cancel(&self, run: &RunId) -> Result<()> {
        // Uses the summary, so a run with unreadable records can be cancelled too.
        match self.summary(run).await? {
            None => return Err(Error::new(ErrorKind::Setup, format!("the journal has no run `{run}`"))),
            Some(run) if run.ended.is_some() => return Ok(()),
            Some(_) => {}
        }
        let record = Record::RunCancelled { run: run.clone(), at: self.clock.now() };
        self.append(run, &[record]).await?;
        self.goes_on(run);
        lock(&self.alarms).clear(run);
        if let Some(shift) = self.shift(run) {
            if let Some(ledger) = shift.ledger() {
                ledger.halt(Halt::Cancelled);
            }
            shift.knock();
        }
        Ok(())
    }

    /// Cancels a run permanently once its executor has undone its finished steps.
    pub(in crate::engine) async fn cancel_and_undo(&self, run: &RunId) -> Result<()> {
        let state = self.read(run).await?;
        let refuse = |text: String| Err(Error::new(ErrorKind::Setup, text));
        if state.began.is_none() {
            return refuse(format!("the journal has no run `{run}`"));
        }
        match (state.cancelling(), state.end) {
            (None, None) => {}
            (Some(_), _) => return Ok(()),
            (None, Some(end)) => return refuse(format!("run `{run}` {} already, so nothing is undone", end.text())),
        }
        let record = Record::RunCancelling { run: run.clone(), at: self.clock.now() };
        self.append(run, &[record]).await?;
        self.goes_on(run);
        lock(&self.alarms).clear(run);
        if let Some(ledger) = self.shift(run).and_then(|shift| shift.ledger()) {
            ledger.halt(Halt::Undoing);
        }
        Ok(())
    }

    /// Lets running steps finish, starts no more, and waits until no run is in memory.
    pub(in crate::engine) async fn drain(&self) {
        self.close(&Halt::Draining).await;
    }

    /// Stops all runs where they are.
    pub(in crate::engine) async fn stop(&self) {
        self.close(&Halt::Shutdown).await;
    }

    /// Stops the background tasks, so that the journal is free for another process once the runtime is dropped.
    pub(in crate::engine) async fn leave(&self) {
        let mut tasks = std::mem::take(&mut *lock(&self.minding));
        tasks.append(&mut lock(&self.returning));
        tasks.iter().for_each(JoinHandle::abort);
        tasks.append(&mut lock(&self.carried));
        let leaving = self.leaving.clone();
        leaving.send_modify(|left| *left += tasks.len());
        let ending = async move {
            for task in tasks {
                // Errors here mean that the task was aborted; its result is not needed.
                let _ = task.await;
                leaving.send_modify(|left| *left -= 1);
            }
        };
        // In a separate task, so that a second shutdown waits for these tasks even if this future is dropped.
        match Handle::try_current() {
            Ok(tasks) => drop(tasks.spawn(ending)),
            Err(_) => ending.await,
        }
        // Never fails: the sender is held here.
        let _ = self.leaving.subscribe().wait_for(|left| *left == 0).await;
    }

    /// Keeps track of a call that continues without its caller.
    pub(in crate::engine) fn carry(&self, call: JoinHandle<()>) {
        let mut carried = lock(&self.carried);
        carried.retain(|call| !call.is_finished());
        carried.push(call);
    }

    async fn close(&self, halt: &Halt) {
        *lock(&self.closed) = true;
        let shifts = self.shifts();
        for shift in &shifts {
            if let Some(ledger) = shift.ledger() {
                ledger.halt(halt.clone());
            }
            shift.knock();
        }
        for shift in shifts {
            shift.gone().await;
        }
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

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("store", &self.store).finish_non_exhaustive()
    }
}
