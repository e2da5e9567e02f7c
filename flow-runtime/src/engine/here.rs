//! A step in progress.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;

use super::durable::{Past, Rest};
use super::in_process::InProcess;
use super::mutex::lock;
use super::voice::Voice;
use super::watch::Watch;
use crate::call::{Cx, Ops, Site};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::graph::{Effect, Kind, Policy, kind_name};
use crate::place::{Place, RunId};
use crate::provider::{Spent, Usage};
use crate::run::Record;

/// A step in progress. If it is dropped before its end, it was cancelled, and observers are told.
pub(super) struct Here<'a> {
    pub(super) engine: &'a InProcess,
    pub(super) site: Site<'a>,
    place: OnceLock<Place>,
    pub(super) watch: Watch<'a>,
    /// Its records, if the run was resumed.
    pub(super) past: Past,
    /// Number of attempts started so far, over all models, repairs and retries.
    pub(super) attempts: u32,
    /// How often the output was judged.
    pub(super) judged: u32,
    /// How many more times the `fix` step may run.
    pub(super) fixes: u32,
    /// What its own model calls spent, without those of steps that serve it.
    pub(super) spent: Spent,
    /// The model being asked.
    pub(super) asking: Option<&'static str>,
    /// The answer that is streamed, or was and is being judged.
    pub(super) voice: Mutex<Option<Arc<Voice>>>,
    /// Its output came from the cache.
    pub(super) reused: bool,
    /// The cache key for its output.
    pub(super) keep_as: Option<String>,
    /// Its output came from the fallback.
    pub(super) fell_back: bool,
    /// Its output in recorded form, if the run is durable.
    pub(super) recorded: Option<Value>,
    /// Its output cannot be recorded.
    pub(super) is_lost: bool,
    /// Its gates accepted the answer that it waited for.
    pub(super) is_accepted: bool,
    /// Its start is recorded, in this execution of the run or an earlier one.
    pub(super) has_begun: bool,
    /// Its end is recorded.
    pub(super) has_ended: bool,
    pub(super) ended: bool,
}

impl<'a> Here<'a> {
    pub(super) fn new(engine: &'a InProcess, site: Site<'a>) -> Self {
        let watch = engine.watch();
        let fixes = site.meta.policy.fix.map_or(0, |(_, times)| times);
        let (place, past, spent, voice) = Default::default();
        Self {
            engine,
            site,
            place,
            watch,
            past,
            attempts: 0,
            judged: 0,
            fixes,
            spent,
            asking: None,
            voice,
            reused: false,
            keep_as: None,
            fell_back: false,
            recorded: None,
            is_lost: false,
            is_accepted: false,
            has_begun: false,
            has_ended: false,
            ended: false,
        }
    }

    pub(super) fn policy(&self) -> &'static Policy {
        &self.site.meta.policy
    }

    pub(super) fn run(&self) -> RunId {
        self.site.cx.run.id().clone()
    }

    /// Computed on first use, since most steps are never observed.
    pub(super) fn place(&self) -> Place {
        self.place.get_or_init(|| self.site.cx.place()).clone()
    }

    /// Returns the time limit of an attempt, or of the complete wait for an answer.
    pub(super) fn limit(&self) -> Option<Duration> {
        self.site.timeout.or(self.policy().timeout)
    }

    /// Passes a record to observers and the journal.
    pub(super) fn record(&self, record: Record) {
        self.engine.record(record);
    }

    /// Waits until all records so far are durable, if the run has a journal.
    pub(super) async fn commit(&self) {
        self.engine.host.commit().await;
    }

    pub(super) fn record_input(&mut self, ops: &dyn Ops) -> Result<()> {
        let meta = self.site.meta;
        self.has_begun = true;
        if !self.engine.host.records() || self.past.began.is_some() {
            return Ok(());
        }
        self.record(Record::StepStarted {
            run: self.run(),
            place: self.place(),
            step: meta.name.into(),
            kind: kind_name(meta.kind).into(),
            input: ops.input()?,
            at: self.engine.now(),
        });
        // A code step is recorded when it ends, all at once; steps that take longer are visible while they run.
        if meta.kind != Kind::Code {
            self.engine.host.announce();
        }
        Ok(())
    }

    /// Makes the step inactive while another step serves it, since that may wait for long.
    pub(super) fn rest(&self) -> Option<Rest<'a>> {
        self.engine.host.rest()
    }

    /// The place of the steps that serve this one, different for each time the output is judged.
    pub(super) fn again(&self) -> Cx<'a> {
        self.site.cx.again(self.judged)
    }

    /// Adds the cost of a model call to the step and the run.
    pub(super) fn spend(&mut self, call: Spent) {
        if self.engine.host.records() {
            self.spent = self.spent.plus(call);
            let mut run = lock(&self.engine.spent);
            *run = run.plus(call);
        }
    }

    /// Takes the usage that the body has reported for its own model calls since the last attempt.
    pub(super) fn take_reported(&self) -> Usage {
        let mut reported = lock(&self.engine.reported);
        if reported.is_empty() {
            return Usage::default();
        }
        let here = self.place();
        let (mine, others) = std::mem::take(&mut *reported).into_iter().partition(|(place, _)| *place == here);
        *reported = others;
        let mine: Vec<(Place, Usage)> = mine;
        mine.into_iter().fold(Usage::default(), |sum, (_, usage)| sum.plus(usage))
    }

    pub(super) fn locate(&self, error: Error) -> Error {
        let repeatable = self.policy().is_repeatable(self.site.model.is_some());
        error.or_at(|| self.site.cx.at_step(self.site.meta.name, self.attempts.max(1), repeatable))
    }
}

impl Here<'_> {
    /// The provider may still count and charge for an interrupted call, so it appears on the bill with an unknown cost.
    fn cut_off(&mut self) {
        let Some(model) = self.asking.take() else { return };
        let (usage, cost) = (Usage::default(), None);
        self.spend(Spent::call(usage, cost));
        self.watch.event(|| Event::DidAttempt {
            run: self.run(),
            place: self.place(),
            attempt: self.attempts,
            model: Some(model),
            usage,
            cost,
            error: Some("the call was cancelled".into()),
        });
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        // A step that leaves memory with its run is not cancelled: it continues when the run comes back.
        if self.engine.host.is_leaving() {
            if self.asking.is_some() {
                self.take_back();
            }
            return;
        }
        self.cut_off();
        if !self.ended {
            self.take_back();
            let error = || {
                let begun = self.attempts > 0 && self.policy().effect == Effect::Irreversible;
                let unknown = if begun { ", and its irreversible effect may or may not have happened" } else { "" };
                Some(format!("the step was cancelled{unknown}"))
            };
            self.watch.event(|| Event::DidStep {
                run: self.run(),
                place: self.place(),
                error: error(),
                is_cancelled: true,
            });
        }
        if self.engine.host.records() && self.has_begun && !self.has_ended {
            let (run, place) = (self.run(), self.place());
            if let Some(keeper) = &self.engine.shared.keeper {
                keeper.verdicts.withdraw(&run, &place);
            }
            self.record(Record::StepCancelled { run, place, at: self.engine.now() });
        }
    }
}
