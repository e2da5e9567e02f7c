//! The records of one run in progress: its state, records on their way to the journal, and what keeps the run in
//! memory.

mod failing;

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::time::Duration;

use futures_util::task::AtomicWaker;
use serde_json::Value;
use tokio::sync::Notify;

use self::failing::Failure;
use super::fit::TakenOver;
use super::past::Guard;
use crate::clock::Clock;
use crate::ending::SUSPENDED;
use crate::engine::lock;
use crate::error::{Error, ErrorKind, Recorded, Result};
use crate::journal::{AppendError, RunLog, Slot};
use crate::place::{Place, RunId};
use crate::provider::BoxFuture;
use crate::run::{End, Record, RunState, Stamp, StepEnd, StepState, Wait, WaitsFor};

/// Completes once records are durable.
type Kept = BoxFuture<'static, Result<(), AppendError>>;

/// The records of one run in progress.
#[derive(Debug)]
pub(in crate::engine) struct Ledger {
    pub(super) run: RunId,
    pub(in crate::engine) clock: Clock,
    /// A run that waits no longer than this stays in memory, since coming back means reading its records again.
    pub(super) linger: Duration,
    log: Arc<dyn RunLog>,
    inner: Mutex<Inner>,
    /// Wakes the run's task after a change from outside.
    task: AtomicWaker,
    /// Notified when nothing in the run can progress by itself.
    settled: Notify,
    /// Notified when a recorded failure no longer waits to be replayed.
    calmed: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    state: RunState,
    /// Records that are appended together with the next one that is waited for.
    pending: Vec<Record>,
    /// Number of steps in progress that are not waiting for anything from outside.
    active: usize,
    waits: HashMap<Place, Waiting>,
    /// Answers from other processes to steps that have not started to wait in this process.
    early: HashMap<Place, Value>,
    /// How many answers each step has received, so that no answer is taken for the next one.
    heard: HashMap<Place, u32>,
    /// The deadlines of workflows in progress.
    deadlines: HashMap<Place, Stamp>,
    halt: Option<Halt>,
    /// Steps that are open in the records and were not taken over yet. If a failure drops them, they are cancelled.
    left_open: HashSet<Place>,
    /// Number of failures so far that waited for their siblings; numbers the next one.
    failures: u64,
    /// The number of failures that were given to the workflow, or dropped.
    given: u64,
    /// The number of the recorded end that was replayed last.
    last_end: u64,
    /// Failures that wait until their siblings have replayed their records, the oldest first.
    failing: Vec<Failure>,
    taken_over: TakenOver,
}

#[derive(Debug)]
struct Waiting {
    open: Wait,
    bell: Arc<Notify>,
}

/// The waits of a run that leaves memory.
#[derive(Debug)]
pub(super) struct Waits {
    /// When the first of them ends by itself.
    pub(super) until: Option<Stamp>,
    /// The oldest first.
    pub(super) open: Vec<Wait>,
}

/// Why a run stops before its end.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Halt {
    /// The log's storage failed.
    Broken(Box<Recorded>),
    /// The run now belongs to another process.
    Lost(Box<Recorded>),
    /// The records do not fit this workflow, or cannot be read.
    Unfit(Box<Recorded>),
    /// The run was cancelled.
    Cancelled,
    /// The run was cancelled and its finished steps are to be undone: it is executed again from its records.
    Undoing,
    /// The run waits, and leaves memory.
    Leaving,
    /// The run is executed again from its records: a step has to run a second time, and its arguments are gone.
    Anew,
    /// The runtime is shutting down: running steps may end, but none start.
    Draining,
    /// The runtime was shut down.
    Shutdown,
}

impl Ledger {
    /// Creates the ledger of a run whose recorded state is `state`.
    pub(super) fn new(log: Arc<dyn RunLog>, run: RunId, clock: Clock, linger: Duration, state: RunState) -> Self {
        let inner = Inner { state, ..Inner::default() };
        Self {
            run,
            clock,
            linger,
            log,
            inner: Mutex::new(inner),
            task: AtomicWaker::new(),
            settled: Notify::new(),
            calmed: Notify::new(),
        }
    }

    pub(in crate::engine) fn look<R>(&self, look: impl FnOnce(&RunState) -> R) -> R {
        look(&lock(&self.inner).state)
    }

    /// Takes the state of the run, if the run has ended.
    pub(super) fn take_ended(&self) -> Option<RunState> {
        let mut inner = lock(&self.inner);
        inner.state.end.is_some().then(|| std::mem::take(&mut inner.state))
    }

    /// Takes over what the build that started the run recorded.
    pub(super) fn take_over(&self, take: impl FnOnce(&mut RunState) -> Result<TakenOver>) -> Result<TakenOver> {
        let mut inner = lock(&self.inner);
        inner.taken_over = take(&mut inner.state)?;
        inner.left_open = inner.state.left_open().cloned().collect();
        Ok(inner.taken_over)
    }

    pub(in crate::engine) fn guard(&self) -> Guard {
        lock(&self.inner).taken_over.guard
    }

    /// Takes the recorded state of the step at a place out of the run's state.
    pub(in crate::engine) fn take(&self, place: &Place) -> Option<StepState> {
        let mut inner = lock(&self.inner);
        let taken = inner.state.take(place)?;
        inner.left_open.remove(place);
        if let Some(StepEnd::Finished(_, order, _) | StepEnd::Failed(_, order, _)) = &taken.end {
            inner.last_end = *order;
        }
        inner.heard.insert(place.clone(), taken.answers);
        Some(taken)
    }

    /// Like [`take`](Self::take), for a step that undoes another. If a failure is about to drop this step, it gets only
    /// what was recorded before that failure; the rest belongs to the workflow that undoes the finished step next. An
    /// unfinished state is left in place, for the case that this step is dropped too.
    pub(in crate::engine) async fn take_undoing(&self, place: &Place) -> Option<StepState> {
        while lock(&self.inner).is_later(place) {
            self.calm().await;
        }
        let left = self.look(|state| state.at(place).filter(|step| step.end.is_none()).cloned());
        if left.is_some() { left } else { self.take(place) }
    }

    /// Queues a record. It is appended together with the next one that is waited for.
    pub(in crate::engine) fn note(&self, record: Record) {
        lock(&self.inner).pending.push(record);
    }

    /// Starts appending the queued records.
    fn send(&self) -> Kept {
        self.send_from(&mut lock(&self.inner))
    }

    fn send_from(&self, inner: &mut Inner) -> Kept {
        let records = std::mem::take(&mut inner.pending);
        let kept = self.log.append(&records);
        records.into_iter().for_each(|record| inner.take_in(record));
        kept
    }

    /// Like [`commit`](Self::commit), without waiting.
    pub(in crate::engine) fn announce(&self) {
        drop(self.send());
    }

    /// Waits until all queued records are durable. If that fails the run stops here, since nothing that follows could
    /// be recorded.
    pub(in crate::engine) async fn commit(&self) {
        if let Err(failure) = self.send().await {
            match self.not_kept(&failure).await {}
        }
    }

    /// Like [`commit`](Self::commit), for records that end with the start of a wait for a signal. Returns the record of
    /// the answer, if a signal was kept for this step.
    pub(in crate::engine) async fn commit_wait(&self, place: &Place, slot: &Slot) -> Option<Record> {
        let kept = {
            let mut inner = lock(&self.inner);
            let records = std::mem::take(&mut inner.pending);
            let kept = self.log.append_wait(&records, place, slot, self.clock.now());
            records.into_iter().for_each(|record| inner.take_in(record));
            kept
        };
        match kept.await {
            Ok(None) => None,
            Ok(Some(answered)) => {
                let mut inner = lock(&self.inner);
                // If the journal was read in the meantime, the answer has been counted already.
                if inner.early.remove(place).is_none() {
                    let count = inner.heard(place) + 1;
                    inner.heard.insert(place.clone(), count);
                }
                Some(answered)
            }
            Err(failure) => match self.not_kept(&failure).await {},
        }
    }

    /// Stops the run, because its log accepts no more records.
    async fn not_kept(&self, failure: &AppendError) -> Infallible {
        self.halt(Halt::of(failure));
        pending().await
    }

    /// Executes the run from its records again.
    pub(in crate::engine) async fn begin_anew(&self) -> Infallible {
        self.halt(Halt::Anew);
        pending().await
    }

    /// Stops the run without recording an end, so that it can be resumed once the problem is fixed.
    pub(in crate::engine) async fn break_off(&self, error: &Error) -> Infallible {
        self.halt(Halt::Unfit(Box::new(Recorded::from(error))));
        pending().await
    }

    /// Waits until the last record is durable. From then on the run cannot be stopped.
    pub(super) async fn commit_end(&self) -> Result<(), AppendError> {
        self.send().await
    }

    /// Enters a step. If nothing may start any more, this never completes.
    pub(in crate::engine) async fn enter(&self) -> Active<'_> {
        let halted = {
            let mut inner = lock(&self.inner);
            if inner.halt.is_none() {
                inner.active += 1;
            }
            inner.halt.is_some()
        };
        if halted {
            pending::<()>().await;
        }
        Active(self)
    }

    /// Waits for the answer to a step; `None` if its time runs out first. The step is active before and after.
    pub(in crate::engine) async fn answer(&self, open: &Wait) -> Option<Value> {
        let wait = self.begin_wait(open);
        tokio::select! {
            biased;
            () = wait.bell.notified() => {}
            () = self.clock.until(open.until) => {}
        }
        drop(wait);
        lock(&self.inner).state.take(&open.place).and_then(|step| step.answer)
    }

    /// Waits until the wait of a step is over, which no answer can end.
    pub(in crate::engine) async fn pass(&self, open: &Wait) {
        let _wait = self.begin_wait(open);
        self.clock.until(open.until).await;
    }

    fn begin_wait<'l>(&'l self, open: &Wait) -> Listening<'l> {
        let (place, bell) = (&open.place, Arc::new(Notify::new()));
        let mut inner = lock(&self.inner);
        inner.active -= 1;
        inner.waits.insert(place.clone(), Waiting { open: open.clone(), bell: bell.clone() });
        // Another process may have answered in the meantime.
        if let Some(answer) = inner.early.remove(place) {
            inner.state.answered(place, answer);
        }
        if inner.state.at(place).is_some_and(|step| step.answer.is_some()) {
            bell.notify_one();
        }
        Listening { ledger: self, place: place.clone(), bell }
    }

    /// Hands an answer to the step that waits for it, and records it. `None` if the run has left memory, or no step
    /// waits there.
    pub(super) fn give(&self, record: Record) -> Option<Kept> {
        let Record::Answered { place, .. } = &record else { return None };
        let place = place.clone();
        // Under one lock, so that the run cannot leave with an answer that is not recorded yet.
        let mut inner = lock(&self.inner);
        if inner.halt.is_some() || !inner.waits.contains_key(&place) {
            return None;
        }
        let count = inner.heard(&place) + 1;
        inner.heard.insert(place.clone(), count);
        inner.pending.push(record);
        let kept = self.send_from(&mut inner);
        inner.ring(&place);
        drop(inner);
        self.task.wake();
        Some(kept)
    }

    /// Hands over answers that another process has recorded.
    pub(super) fn hear(&self, mut now: RunState) {
        if matches!(now.end, Some(End::Cancelled)) {
            return self.halt(Halt::Cancelled);
        }
        if now.cancelling().is_some() && self.look(RunState::cancelling).is_none() {
            return self.halt(Halt::Undoing);
        }
        let mut inner = lock(&self.inner);
        if let Err(error) = inner.taken_over.apply(&mut now) {
            drop(inner);
            return self.halt(Halt::Unfit(Box::new(Recorded::from(&error))));
        }
        for (place, answer, count) in now.into_answers() {
            // The state that was read may be older than what this process has done since.
            if count <= inner.heard(&place) {
                continue;
            }
            inner.heard.insert(place.clone(), count);
            if inner.waits.contains_key(&place) {
                inner.state.answered(&place, answer);
                inner.ring(&place);
            } else {
                inner.early.insert(place, answer);
            }
        }
        drop(inner);
        self.task.wake();
    }

    /// Stops the run, unless it was stopped already. A failure of the log, or records that do not fit, take precedence.
    pub(super) fn halt(&self, halt: Halt) {
        {
            let mut inner = lock(&self.inner);
            let gives_way = matches!(
                (&inner.halt, &halt),
                (None | Some(Halt::Draining), _)
                    | (Some(Halt::Shutdown | Halt::Undoing), Halt::Cancelled)
                    | (_, Halt::Broken(_) | Halt::Lost(_) | Halt::Unfit(_))
            );
            if !gives_way {
                return;
            }
            inner.halt = Some(halt);
        }
        self.task.wake();
    }

    /// Returns whether the run continues later or elsewhere, so that the steps dropped now are not cancelled.
    pub(in crate::engine) fn is_leaving(&self) -> bool {
        !matches!(lock(&self.inner).halt, None | Some(Halt::Cancelled | Halt::Undoing))
    }

    /// Makes a step inactive while another step serves it.
    pub(in crate::engine) fn rest(&self) -> Rest<'_> {
        lock(&self.inner).active -= 1;
        Rest(self)
    }

    /// Returns why the run stops now, if it does.
    pub(super) fn stopped(&self) -> Option<Halt> {
        let inner = lock(&self.inner);
        match &inner.halt {
            Some(Halt::Draining) if inner.active > 0 => None,
            halt => halt.clone(),
        }
    }

    /// Returns the deadline of the workflow at a place. A run that has left memory comes back for it.
    pub(in crate::engine) fn deadline(&self, place: Place, limit: Duration) -> Stamp {
        let now = self.clock.now();
        let mut inner = lock(&self.inner);
        let state = &inner.state;
        let began = match place == Place::root() {
            true => state.began.as_ref().map(|began| began.at),
            false => state.workflow_began(&place),
        };
        let deadline = began.unwrap_or(now).plus(limit);
        inner.deadlines.insert(place, deadline);
        deadline
    }

    pub(in crate::engine) fn forget_deadline(&self, place: &Place) {
        lock(&self.inner).deadlines.remove(place);
    }

    /// Registers the task to wake after a change from outside the run's own future.
    pub(super) fn driven_by(&self, task: &Waker) {
        self.task.register(task);
    }

    /// Returns whether everything in the run waits, and for long.
    pub(super) fn idle(&self) -> bool {
        let inner = lock(&self.inner);
        let soon = self.clock.after(self.linger);
        let long = inner.waits.values().all(|wait| wait.open.until.is_none_or(|until| until > soon));
        inner.active == 0 && !inner.waits.is_empty() && long
    }

    /// Leaves memory if everything in the run still waits, and returns the waits.
    pub(super) fn leave(&self) -> Option<Waits> {
        if !self.idle() {
            return None;
        }
        let mut inner = lock(&self.inner);
        if inner.halt.is_some() || inner.active > 0 {
            return None;
        }
        inner.halt = Some(Halt::Leaving);
        let mut open: Vec<_> = inner.waits.values().map(|wait| wait.open.clone()).collect();
        open.sort_by(|one, other| (one.at, &one.place).cmp(&(other.at, &other.place)));
        let until = open.iter().filter_map(|wait| wait.until);
        let until = until.chain(inner.deadlines.values().copied()).min();
        Some(Waits { until, open })
    }
}

impl Waits {
    /// Returns whether the run waits for nothing but its next attempts.
    pub(super) fn is_retrying(&self) -> bool {
        self.open.iter().all(|wait| wait.waits_for == WaitsFor::Retry)
    }
}

impl Inner {
    /// Returns how many answers the step at a place has received.
    fn heard(&self, place: &Place) -> u32 {
        let recorded = || self.state.at(place).map(|step| step.answers);
        self.heard.get(place).copied().or_else(recorded).unwrap_or_default()
    }

    /// Wakes the step that waits at a place, and marks it active, so that the run is not considered idle before the
    /// step wakes up.
    fn ring(&mut self, place: &Place) {
        if let Some(wait) = self.waits.remove(place) {
            self.active += 1;
            wait.bell.notify_one();
        }
    }

    fn take_in(&mut self, record: Record) {
        // The records taken over are those of this version already.
        if matches!(record, Record::RunTakenOver { .. }) {
            return;
        }
        let ended = match &record {
            Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => Some(place.clone()),
            _ => None,
        };
        self.state.apply(record);
        // The workflow has the result; only a resumed run needs it again, and reads it from the log.
        if let Some(place) = ended {
            self.state.take(&place);
        }
    }
}

/// A step in progress.
#[derive(Debug)]
pub(in crate::engine) struct Active<'l>(&'l Ledger);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner).active -= 1;
    }
}

/// A step that is inactive while another step serves it.
#[derive(Debug)]
pub(in crate::engine) struct Rest<'l>(&'l Ledger);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner).active += 1;
    }
}

/// A waiting step.
struct Listening<'l> {
    ledger: &'l Ledger,
    place: Place,
    bell: Arc<Notify>,
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let mut inner = lock(&self.ledger.inner);
        // An answer has made the step active already.
        if inner.waits.remove(&self.place).is_some() {
            inner.active += 1;
        }
    }
}

impl Halt {
    /// Converts the failure to append records.
    pub(super) fn of(failure: &AppendError) -> Self {
        let error = Box::new(Recorded::from(failure.error()));
        match failure {
            AppendError::Lost(_) => Self::Lost(error),
            AppendError::Broken(_) => Self::Broken(error),
        }
    }

    /// The error for the run's caller.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Broken(error) | Self::Lost(error) | Self::Unfit(error) => Error::from(*error),
            Self::Cancelled | Self::Undoing => Error::new(ErrorKind::Cancelled, "the run was cancelled"),
            Self::Anew | Self::Leaving | Self::Draining | Self::Shutdown => Error::new(ErrorKind::Cancelled, SUSPENDED),
        }
    }
}
