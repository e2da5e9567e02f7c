//! The records of one run under way: where it stands, what is on its way to the journal, and what keeps the run in memory.

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
use crate::provider::BoxFuture;
use crate::run::{End, Place, Record, RunId, RunState, Stamp, StepEnd, StepState, Wait};

/// Completes when records are kept.
type Kept = BoxFuture<'static, Result<(), AppendError>>;

/// The records of one run under way.
#[derive(Debug)]
pub(in crate::engine) struct Ledger {
    pub(super) run: RunId,
    pub(in crate::engine) clock: Clock,
    /// A run that waits for no longer than this stays in memory: to come back costs reading its records.
    pub(super) linger: Duration,
    log: Arc<dyn RunLog>,
    inner: Mutex<Inner>,
    /// Wakes the run's task when somebody outside of it has changed something.
    task: AtomicWaker,
    /// Nothing in the run goes on by itself at the moment.
    settled: Notify,
    /// No recorded failure is about to be given any more.
    calmed: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    state: RunState,
    /// Records that go to the journal with the next that somebody waits for.
    pending: Vec<Record>,
    /// Steps under way that wait for nothing from outside.
    active: usize,
    waits: HashMap<Place, Waiting>,
    /// Answers that others have given to steps which have not come to wait in this process.
    early: HashMap<Place, Value>,
    /// How many answers each step has had, so that none is taken for the next.
    heard: HashMap<Place, u32>,
    /// When workflows under way are too late.
    deadlines: HashMap<Place, Stamp>,
    halt: Option<Halt>,
    /// Steps that the records leave open and that have not taken them over yet: those that a failure drops are cancelled.
    left_open: HashSet<Place>,
    /// How many failures have waited for what runs beside them.
    failures: u64,
    /// The end that was taken over last.
    last_end: u64,
    /// Failures that wait until what runs beside them has taken over its records, the first to wait first.
    failing: Vec<Failure>,
    /// How the run was taken over.
    taken_over: TakenOver,
}

#[derive(Debug)]
struct Waiting {
    open: Wait,
    bell: Arc<Notify>,
}

/// What a run that leaves memory waits for.
#[derive(Debug)]
pub(super) struct Waits {
    /// When the first of them ends by itself.
    pub(super) until: Option<Stamp>,
    /// The first to wait first.
    pub(super) open: Vec<Wait>,
}

/// Why a run stops before its end.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Halt {
    /// The log's storage has failed.
    Broken(Box<Recorded>),
    /// The run belongs to another process now.
    Lost(Box<Recorded>),
    /// What the log has is not of this workflow, or cannot be read.
    Unfit(Box<Recorded>),
    /// Somebody has cancelled it.
    Cancelled,
    /// Somebody cancels it, and it undoes what it has finished: it is executed from its records once more.
    Undoing,
    /// It waits, and leaves memory.
    Leaving,
    /// It is begun again from its records: a step has to run a second time, and its arguments are gone.
    Anew,
    /// The runtime shuts down: what is under way ends, nothing begins.
    Draining,
    /// The runtime has shut down.
    Shutdown,
}

impl Ledger {
    /// The records of a run that stands as the journal says.
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

    /// Looks at where the run stands.
    pub(in crate::engine) fn look<R>(&self, look: impl FnOnce(&RunState) -> R) -> R {
        look(&lock(&self.inner).state)
    }

    /// Where the run stands, if it has ended.
    pub(super) fn take_ended(&self) -> Option<RunState> {
        let mut inner = lock(&self.inner);
        inner.state.end.is_some().then(|| std::mem::take(&mut inner.state))
    }

    /// Takes over what the build that began the run has recorded.
    pub(super) fn take_over(&self, take: impl FnOnce(&mut RunState) -> Result<TakenOver>) -> Result<TakenOver> {
        let mut inner = lock(&self.inner);
        inner.taken_over = take(&mut inner.state)?;
        inner.left_open = inner.state.left_open().cloned().collect();
        Ok(inner.taken_over)
    }

    pub(in crate::engine) fn guard(&self) -> Guard {
        lock(&self.inner).taken_over.guard
    }

    /// Where the step at a place stood when the run was resumed; what is taken is not kept.
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

    /// The same for a step that undoes another. A failure that is about to drop it leaves it what it had recorded before; the rest
    /// belongs to the workflow that undoes the step after that. So does what was not ended, if this one is dropped too.
    pub(in crate::engine) async fn take_undoing(&self, place: &Place) -> Option<StepState> {
        while lock(&self.inner).is_later(place) {
            self.calm().await;
        }
        let left = self.look(|state| state.at(place).filter(|step| step.end.is_none()).cloned());
        if left.is_some() { left } else { self.take(place) }
    }

    /// A record that goes to the journal with the next that somebody waits for.
    pub(in crate::engine) fn note(&self, record: Record) {
        lock(&self.inner).pending.push(record);
    }

    /// Sends what was noted on its way.
    fn send(&self) -> Kept {
        self.send_from(&mut lock(&self.inner))
    }

    fn send_from(&self, inner: &mut Inner) -> Kept {
        let records = std::mem::take(&mut inner.pending);
        let kept = self.log.append(&records);
        records.into_iter().for_each(|record| inner.take_in(record));
        kept
    }

    /// The same, where nobody needs to know when it is kept.
    pub(in crate::engine) fn announce(&self) {
        drop(self.send());
    }

    /// Waits until all that was noted is kept. Where it cannot be, the run stops here: nothing that follows could be kept either.
    pub(in crate::engine) async fn commit(&self) {
        if let Err(failure) = self.send().await {
            match self.not_kept(&failure).await {}
        }
    }

    /// The same for records that end with the beginning of a step's wait for a signal; the answer, where one was kept for it.
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
                // Whoever has looked at the journal meanwhile may have counted it.
                if inner.early.remove(place).is_none() {
                    let count = inner.heard(place) + 1;
                    inner.heard.insert(place.clone(), count);
                }
                Some(answered)
            }
            Err(failure) => match self.not_kept(&failure).await {},
        }
    }

    /// The run stops where its log takes nothing more.
    async fn not_kept(&self, failure: &AppendError) -> Infallible {
        self.halt(Halt::of(failure));
        pending().await
    }

    /// Executes the run from its records once more.
    pub(in crate::engine) async fn begin_anew(&self) -> Infallible {
        self.halt(Halt::Anew);
        pending().await
    }

    /// Stops the run without an end: nothing is recorded of it, and it can be resumed where this is mended.
    pub(in crate::engine) async fn break_off(&self, error: &Error) -> Infallible {
        self.halt(Halt::Unfit(Box::new(Recorded::from(error))));
        pending().await
    }

    /// Waits until the last record is kept, after which nothing can be stopped any more.
    pub(super) async fn commit_end(&self) -> Result<(), AppendError> {
        self.send().await
    }

    /// A step begins; it waits for ever where nothing begins any more.
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

    /// Waits for the answer to a step; `None` when the time has come before. The step is active when this begins and when it ends.
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

    fn begin_wait<'l>(&'l self, open: &Wait) -> Listening<'l> {
        let (place, bell) = (&open.place, Arc::new(Notify::new()));
        let mut inner = lock(&self.inner);
        inner.active -= 1;
        inner.waits.insert(place.clone(), Waiting { open: open.clone(), bell: bell.clone() });
        // The answer may have come from another process in the meantime.
        if let Some(answer) = inner.early.remove(place) {
            inner.state.answered(place, answer);
        }
        if inner.state.at(place).is_some_and(|step| step.answer.is_some()) {
            bell.notify_one();
        }
        Listening { ledger: self, place: place.clone(), bell }
    }

    /// Hands an answer to the step that waits for it, and keeps it. `None` where the run has left memory, or nobody waits.
    pub(super) fn give(&self, record: Record) -> Option<Kept> {
        let Record::Answered { place, .. } = &record else { return None };
        let place = place.clone();
        // In one piece, so that the run does not leave with an answer that is not kept yet.
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

    /// Hands over an answer that is kept already: another process has written it.
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
            // What was read may be older than what this process has done since.
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

    /// Stops the run, unless something has stopped it already; the journal's failure goes before all else.
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

    /// Whether the run goes on elsewhere or later, so that what is dropped of it was not cancelled.
    pub(in crate::engine) fn is_leaving(&self) -> bool {
        !matches!(lock(&self.inner).halt, None | Some(Halt::Cancelled | Halt::Undoing))
    }

    /// A step under way rests while another serves it.
    pub(in crate::engine) fn rest(&self) -> Rest<'_> {
        lock(&self.inner).active -= 1;
        Rest(self)
    }

    /// What stops the run now, if anything does.
    pub(super) fn stopped(&self) -> Option<Halt> {
        let inner = lock(&self.inner);
        match &inner.halt {
            Some(Halt::Draining) if inner.active > 0 => None,
            halt => halt.clone(),
        }
    }

    /// When the time limit of the workflow at a place is over, which the run comes back for where it has left memory.
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

    /// The task to wake when somebody outside of the run's own future has changed something.
    pub(super) fn driven_by(&self, task: &Waker) {
        self.task.register(task);
    }

    /// Whether all of the run waits, and for long.
    pub(super) fn idle(&self) -> bool {
        let inner = lock(&self.inner);
        let soon = self.clock.after(self.linger);
        let long = inner.waits.values().all(|wait| wait.open.until.is_none_or(|until| until > soon));
        inner.active == 0 && !inner.waits.is_empty() && long
    }

    /// Leaves memory if all of the run still waits, and says for what.
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

impl Inner {
    /// How many answers the step at a place has had.
    fn heard(&self, place: &Place) -> u32 {
        let recorded = || self.state.at(place).map(|step| step.answers);
        self.heard.get(place).copied().or_else(recorded).unwrap_or_default()
    }

    /// Wakes the step that waits at a place. It is active from here on, so that the run is not found idle before it has woken up.
    fn ring(&mut self, place: &Place) {
        if let Some(wait) = self.waits.remove(place) {
            self.active += 1;
            wait.bell.notify_one();
        }
    }

    fn take_in(&mut self, record: Record) {
        // What was taken over is this version's already.
        if matches!(record, Record::RunTakenOver { .. }) {
            return;
        }
        let ended = match &record {
            Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => Some(place.clone()),
            _ => None,
        };
        self.state.apply(record);
        // The workflow has what the step gave; only a resumed run asks for it again, and reads it then.
        if let Some(place) = ended {
            self.state.take(&place);
        }
    }
}

/// A step that is being executed.
#[derive(Debug)]
pub(in crate::engine) struct Active<'l>(&'l Ledger);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner).active -= 1;
    }
}

/// A step that rests while another serves it.
#[derive(Debug)]
pub(in crate::engine) struct Rest<'l>(&'l Ledger);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner).active += 1;
    }
}

/// A step that waits.
struct Listening<'l> {
    ledger: &'l Ledger,
    place: Place,
    bell: Arc<Notify>,
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let mut inner = lock(&self.ledger.inner);
        // Whoever answered has made the step active again.
        if inner.waits.remove(&self.place).is_some() {
            inner.active += 1;
        }
    }
}

impl Halt {
    /// Records were not kept.
    pub(super) fn of(failure: &AppendError) -> Self {
        let error = Box::new(Recorded::from(failure.error()));
        match failure {
            AppendError::Lost(_) => Self::Lost(error),
            AppendError::Broken(_) => Self::Broken(error),
        }
    }

    /// What the run's caller is told.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Broken(error) | Self::Lost(error) | Self::Unfit(error) => Error::from(*error),
            Self::Cancelled | Self::Undoing => Error::new(ErrorKind::Cancelled, "the run was cancelled"),
            Self::Anew | Self::Leaving | Self::Draining | Self::Shutdown => Error::new(ErrorKind::Cancelled, SUSPENDED),
        }
    }
}
