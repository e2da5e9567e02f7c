//! Steps that wait in runs without a journal: in memory, for as long as the future of the run exists.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::oneshot;

use super::answers::Asked;
use super::judge;
use super::said::TakenIn;
use super::signals::Signalled;
use super::verdicts::PATIENCE;
use super::wait::reasons;
use crate::engine::execute::Here;
use crate::engine::{Runtime, lock};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::graph::Meta;
use crate::journal::{KeptSignals, Signal, Slot};
use crate::place::RunId;
use crate::run::{Record, Wait, WaitsFor};

/// The steps waiting in memory, and signals that arrived early.
#[derive(Debug, Default)]
pub(in crate::engine) struct Held {
    inner: Mutex<Inner>,
    /// The workflows of the runtime, searched for signal steps by id.
    known: Mutex<Vec<&'static Meta>>,
}

#[derive(Debug, Default)]
struct Inner {
    /// In the order in which they started to wait.
    open: BTreeMap<u64, Open>,
    begun: u64,
    signals: KeptSignals,
}

#[derive(Debug)]
struct Open {
    wait: Wait,
    input: Value,
    meta: &'static Meta,
    hear: oneshot::Sender<Heard>,
}

/// An answer that was handed to its step.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) answer: Value,
    by: Option<String>,
    /// Reports the verdict of the step's gates to the caller who answered.
    pub(super) teller: Option<Teller>,
}

/// Reports the gates' verdict on an answer.
#[derive(Debug)]
pub(super) struct Teller {
    tell: oneshot::Sender<Result<()>>,
    is_heard: Arc<AtomicBool>,
}

/// Receives the gates' verdict.
struct Verdict {
    hear: oneshot::Receiver<Result<()>>,
    is_heard: Arc<AtomicBool>,
}

impl Held {
    /// Registers a workflow, for its signal steps.
    pub(in crate::engine) fn learn(&self, workflow: &'static Meta) {
        let mut known = lock(&self.known);
        if !known.iter().any(|other| std::ptr::eq(*other, workflow)) {
            known.push(workflow);
        }
    }

    pub(super) fn known(&self) -> Vec<&'static Meta> {
        lock(&self.known).clone()
    }

    /// Returns the waits, the oldest first.
    pub(super) fn waits(&self) -> Vec<Wait> {
        lock(&self.inner).open.values().map(|open| open.wait.clone()).collect()
    }

    /// Starts a step's wait, unless a signal was kept for it.
    fn begin(&self, wait: &Wait, input: Value, meta: &'static Meta) -> Result<Waiting<'_>, Box<Signal>> {
        let mut inner = lock(&self.inner);
        if let Some(signal) = Slot::of(wait).and_then(|slot| inner.signals.take(&slot, wait.at)) {
            return Err(Box::new(signal));
        }
        let (tell, hear) = oneshot::channel();
        let key = inner.begun;
        inner.begun += 1;
        inner.open.insert(key, Open { wait: wait.clone(), input, meta, hear: tell });
        Ok(Waiting { held: self, key, hear })
    }

    fn find(&self, run: &RunId, place: &str) -> Result<(u64, Asked)> {
        let inner = lock(&self.inner);
        let found = inner.open.iter().find(|(_, open)| open.wait.run == *run && open.wait.place.as_str() == place);
        let Some((key, open)) = found else {
            let text = format!(
                "no step is waiting at `{place}` in run `{run}`, or it was already answered; without a journal, only runs in progress in this process can be answered"
            );
            return Err(Error::new(ErrorKind::Setup, text));
        };
        Ok((*key, open.asked()))
    }

    /// Hands an answer to a step, unless another answer came first.
    fn hand(&self, key: u64, heard: Heard) -> Result<(), Heard> {
        match lock(&self.inner).open.remove(&key) {
            Some(open) => open.hear.send(heard),
            None => Err(heard),
        }
    }
}

impl Open {
    fn asked(&self) -> Asked {
        Asked { place: self.wait.place.clone(), wait: self.wait.clone(), input: self.input.clone(), meta: self.meta }
    }
}

/// A waiting step. Dropping it ends the wait.
struct Waiting<'h> {
    held: &'h Held,
    key: u64,
    hear: oneshot::Receiver<Heard>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        lock(&self.held.inner).open.remove(&self.key);
    }
}

/// Waits for the answer to a step; `None` if its time runs out first.
pub(super) async fn wait(here: &Here<'_>, open: &Wait, input: Value) -> Option<Heard> {
    let (shared, meta) = (&here.engine.shared, here.site.meta);
    let heard = match shared.held.begin(open, input, meta) {
        Err(signal) => Heard { answer: signal.answer, by: signal.by, teller: None },
        Ok(mut waiting) => {
            here.watch.event(|| Event::WillWait { run: here.run(), place: here.place(), step: meta.name });
            tokio::select! {
                biased;
                heard = &mut waiting.hear => heard.ok()?,
                () = shared.clock.until(open.until) => return None,
            }
        }
    };
    if let Some(teller) = &heard.teller {
        teller.is_heard.store(true, Ordering::Release);
    }
    let (answer, by, at) = (heard.answer.clone(), heard.by.clone(), shared.clock.now());
    here.record(Record::Answered { run: here.run(), place: here.place(), answer, by, at });
    Some(heard)
}

impl Teller {
    fn new() -> (Self, Verdict) {
        let ((tell, hear), is_heard) = (oneshot::channel(), Arc::new(AtomicBool::new(false)));
        (Self { tell, is_heard: is_heard.clone() }, Verdict { hear, is_heard })
    }

    pub(super) fn tell(self, verdict: Result<()>) {
        // Fails only if the caller has stopped listening.
        let _ = self.tell.send(verdict);
    }
}

impl Verdict {
    /// Waits for the verdict. `None` if the run stopped first, or if the caller polls the run itself, which cannot reach a verdict
    /// while this waits.
    async fn heard(mut self) -> Option<Result<()>> {
        tokio::select! {
            biased;
            verdict = &mut self.hear => return verdict.ok(),
            () = tokio::time::sleep(PATIENCE) => {}
        }
        if self.is_heard.load(Ordering::Acquire) { self.hear.await.ok() } else { None }
    }
}

impl Runtime {
    fn held(&self) -> &Held {
        &self.shared().held
    }

    pub(super) async fn answer_held(
        &self,
        (run, place): (&RunId, &str),
        by: Option<String>,
        answer: impl FnOnce(&Asked) -> Result<Value>,
    ) -> Result<TakenIn> {
        let (key, asked) = self.held().find(run, place)?;
        let answer = answer(&asked)?;
        let judged = self.judge_held(&asked, &answer).await;
        if let (Err(why), WaitsFor::Signal) = (&judged, asked.wait.waits_for) {
            self.reject_held(&asked.wait, (answer.clone(), by.clone()), why);
        }
        let (left, teller, verdict) = judged?;
        if self.held().hand(key, Heard { answer, by, teller }).is_err() {
            let text = format!(
                "`{place}` in run `{run}` was already answered, or is no longer waiting; the first answer counts"
            );
            return Err(Error::new(ErrorKind::Setup, text));
        }
        let heard = match verdict {
            Some(verdict) => verdict.heard().await.transpose()?,
            None => None,
        };
        Ok(TakenIn { judged_later: if heard.is_some() { Vec::new() } else { left } })
    }

    /// Rejects an answer that the gates callable here reject. Returns the names of the other gates, and the channel for
    /// their verdict.
    async fn judge_held(
        &self,
        asked: &Asked,
        answer: &Value,
    ) -> Result<(Vec<&'static str>, Option<Teller>, Option<Verdict>)> {
        let left = judge::before(self, asked.meta, &asked.input, answer, false).await?;
        let is_told = !left.is_empty() && judge::judges_at_once(asked.meta);
        let (teller, verdict) = is_told.then(Teller::new).unzip();
        Ok((left, teller, verdict))
    }

    /// Shows observers that a step has rejected an answer.
    fn reject_held(&self, wait: &Wait, (answer, by): (Value, Option<String>), why: &Error) {
        let (run, place, at) = (wait.run.clone(), wait.place.clone(), self.shared().clock.now());
        let reasons = reasons(why);
        self.shared().watch(None).record(&Record::AnswerRejected { run, place, answer, by, reasons, at });
    }

    /// Delivers a signal to the steps waiting for it in memory, or keeps it.
    pub(super) async fn signal_held(&self, signal: &Signal) -> Signalled {
        let (mut accepting, mut rejected, mut judged) = (HashMap::new(), Vec::new(), HashSet::new());
        for (key, asked) in self.held().waiting_for(&signal.slot) {
            judged.insert(key);
            match self.judge_held(&asked, &signal.answer).await {
                Ok((_, teller, verdict)) => _ = accepting.insert(key, (teller, verdict)),
                Err(why) => {
                    self.reject_held(&asked.wait, (signal.answer.clone(), signal.by.clone()), &why);
                    rejected.push((asked.wait.run, asked.wait.place, why));
                }
            }
        }
        let (mut given, mut verdicts) = (Vec::new(), Vec::new());
        {
            let mut inner = lock(&self.held().inner);
            if inner.signals.is_repeated(signal) {
                return Signalled::Repeated;
            }
            // A step that started to wait in the meantime judges the signal itself.
            let is_for = |key: &u64, open: &mut Open| {
                (accepting.contains_key(key) || !judged.contains(key))
                    && Slot::of(&open.wait).as_ref() == Some(&signal.slot)
            };
            for (key, open) in inner.open.extract_if(.., is_for).collect::<Vec<_>>() {
                let (teller, verdict) = accepting.remove(&key).unwrap_or_default();
                let heard = Heard { answer: signal.answer.clone(), by: signal.by.clone(), teller };
                if open.hear.send(heard).is_ok() {
                    let at = (open.wait.run, open.wait.place);
                    verdicts.extend(verdict.map(|verdict| (at.clone(), verdict)));
                    given.push(at);
                }
            }
            inner.signals.keep(signal, !given.is_empty() || !rejected.is_empty());
        }
        for ((run, place), verdict) in verdicts {
            if let Some(Err(why)) = verdict.heard().await {
                given.retain(|other| *other != (run.clone(), place.clone()));
                rejected.push((run, place, why));
            }
        }
        match (given.is_empty(), rejected.is_empty()) {
            (false, _) => Signalled::Given(given),
            (true, false) => Signalled::Rejected(rejected),
            (true, true) => Signalled::Kept(signal.until),
        }
    }

    /// Returns all current waits, the oldest first: those of all runs in the journal or, without a journal, of the runs
    /// in progress in this process.
    ///
    /// ```
    /// # async fn waits(runtime: flow_runtime::engine::Runtime) -> flow_runtime::error::Result<()> {
    /// for wait in runtime.waits().await? {
    ///     println!("{} in run {}", wait.place, wait.run);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn waits(&self) -> Result<Vec<Wait>> {
        let Some(keeper) = self.keeper() else { return Ok(self.held().waits()) };
        let mut waits = keeper.waits().await?;
        waits.sort_by(|one, other| (one.at, &one.run, &one.place).cmp(&(other.at, &other.run, &other.place)));
        Ok(waits)
    }
}

impl Held {
    fn waiting_for(&self, slot: &Slot) -> Vec<(u64, Asked)> {
        let inner = lock(&self.inner);
        let waiting = inner.open.iter().filter(|(_, open)| Slot::of(&open.wait).as_ref() == Some(slot));
        waiting.map(|(key, open)| (*key, open.asked())).collect()
    }
}
