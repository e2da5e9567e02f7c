//! Executes one step: start, attempts, gates, fix, fallback, end.

use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::Value;

use super::attempt::{self, BodyAttempt, fill};
use super::durable::{self, Past, Rest};
use super::telemetry::Span;
use super::watch::Watch;
use super::{InProcess, answer, approval, cache, lock, silence, undo};
use crate::call::Cx;
use crate::call::{Ops, Site, panicked, read_back_error};
use crate::error::{Error, ErrorKind, Recorded, Result};
use crate::event::Event;
use crate::gate::Rejection;
use crate::graph::{Effect, Kind, Policy, kind_name};
use crate::place::{Place, RunId};
use crate::provider::{Spent, Usage};
use crate::run::{Record, StepEnd, StepState};

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
    judged: u32,
    /// How many more times the `fix` step may run.
    fixes: u32,
    /// What its own model calls spent, without those of steps that serve it.
    pub(super) spent: Spent,
    /// The model being asked.
    pub(super) asking: Option<&'static str>,
    /// Its output came from the cache.
    pub(super) reused: bool,
    /// The cache key for its output.
    keep_as: Option<String>,
    /// Its output came from the fallback.
    fell_back: bool,
    /// Its output in recorded form, if the run is durable.
    recorded: Option<Value>,
    /// Its output cannot be recorded.
    is_lost: bool,
    /// Its gates accepted the answer that it waited for.
    is_accepted: bool,
    /// Its start is recorded, in this execution of the run or an earlier one.
    has_begun: bool,
    /// Its end is recorded.
    has_ended: bool,
    ended: bool,
}

pub(super) async fn step(engine: &InProcess, site: Site<'_>, ops: &mut dyn Ops) -> Result<()> {
    let host = &engine.host;
    if !host.is_durable() {
        return begin(Here::new(engine, site), ops).await;
    }
    let _active = host.enter().await;
    let mut here = Here::new(engine, site);
    // It has not started, so dropping it is not a cancellation.
    here.ended = true;
    let place = here.place();
    if let Some(recorded) = host.past(&place, site.cx.run.done.is_under_way(&place)).await {
        match here.take_over(recorded, ops) {
            Ok(Some(ended)) => {
                if site.meta.kind == Kind::Undo {
                    undo::again(engine, &site).await;
                }
                return ended;
            }
            Ok(None) => host.settle().await,
            Err(unlike) => match host.break_off(&unlike).await {},
        }
    }
    host.calm().await;
    here.ended = false;
    begin(here, ops).await
}

async fn begin(mut here: Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let site = here.site;
    here.watch.event(|| Event::WillStep { run: here.run(), place: here.place(), step: site.meta.name });
    // Panics in the body end the attempt; this catches panics in the user's gates, prompts and serialisation.
    let span = Span::step(&here);
    let outcome = span.within(AssertUnwindSafe(here.work(ops)).catch_unwind()).await;
    let outcome = outcome.unwrap_or_else(|panic| Err(panicked(panic)));
    let outcome = outcome.map_err(|error| here.locate(here.as_recorded(error)));
    span.failed(outcome.as_ref().err());
    if let Ok(recorded) = &outcome {
        here.can_be_undone(ops, recorded.as_ref(), None);
    }
    here.end(outcome).await
}

impl<'a> Here<'a> {
    fn new(engine: &'a InProcess, site: Site<'a>) -> Self {
        let watch = engine.watch();
        let fixes = site.meta.policy.fix.map_or(0, |(_, times)| times);
        let (place, past, spent) = Default::default();
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

    /// Takes over the step's records: its end, if it has ended, or its progress so far.
    fn take_over(&mut self, recorded: StepState, ops: &mut dyn Ops) -> Result<Option<Result<()>>> {
        if let Some((input, _)) = &recorded.began {
            let guard = self.engine.host.guard();
            guard.check(self.site.meta, input, &ops.input()?).map_err(|error| self.locate(error))?;
        }
        let ended = match &recorded.end {
            None => {
                self.past = recorded.into();
                self.has_begun = self.past.began.is_some() && !self.past.is_cancelled;
                return Ok(None);
            }
            Some(StepEnd::Finished(output, order, _)) => {
                fill(ops, output.clone()).map_err(|error| self.locate(error))?;
                self.can_be_undone(ops, Some(output), Some(*order));
                Ok(())
            }
            Some(StepEnd::Failed(failure, ..)) => Err((**failure).clone().into_error(self.policy().own_error)),
        };
        self.ended = true;
        self.watch.event(|| Event::DidReplay { run: self.run(), place: self.place(), step: self.site.meta.name });
        Ok(Some(ended))
    }

    /// Passes a record to observers and the journal.
    pub(super) fn record(&self, record: Record) {
        self.engine.record(record);
    }

    /// Waits until all records so far are durable, if the run has a journal.
    pub(super) async fn commit(&self) {
        self.engine.host.commit().await;
    }

    /// Does everything between the first event and the last. Returns the output in recorded form.
    async fn work(&mut self, ops: &mut dyn Ops) -> Result<Option<Value>> {
        approval::obtain(self, ops).await?;
        self.record_input(ops)?;
        let key = cache::key(self, ops)?;
        if let Some(key) = &key
            && let Some(output) = cache::find(self, ops, key).await
        {
            return Ok(Some(output));
        }
        let permit = if self.policy().tools.is_none() { ops.enter().await } else { None };
        let produced = self.produce(ops).await;
        drop(permit);
        if let Err(error) = produced {
            self.fall_back(ops, error).await?;
        }
        self.keep_as = key.filter(|_| !self.fell_back);
        match self.recorded.take() {
            None if self.engine.host.records() => ops.output().map(Some),
            recorded => Ok(recorded),
        }
    }

    async fn produce(&mut self, ops: &mut dyn Ops) -> Result<()> {
        let meta = self.site.meta;
        match meta.kind {
            Kind::Model => return answer::produce(self, ops).await,
            Kind::Undo => return undo::called(self, ops).await,
            _ => {}
        }
        loop {
            let tried = match durable::wait_for(self, ops).await {
                Some(answered) => answered,
                None => self.do_it(ops).await,
            };
            tried.or_else(|failure| silence::decide(meta, ops, failure))?;
            if self.is_accepted {
                return Ok(());
            }
            let Some(rejection) = self.pass_gates(ops).await? else { return Ok(()) };
            if !self.answers_again() {
                return Err(rejected(rejection));
            }
        }
    }

    /// Returns whether another scripted answer follows a rejected one.
    fn answers_again(&self) -> bool {
        let meta = self.site.meta;
        let scripted = || self.engine.shared.scripts.as_ref().is_some_and(|scripts| scripts.has_next(meta));
        matches!(meta.kind, Kind::Human | Kind::Signal) && (!self.past.attempts.is_empty() || scripted())
    }

    /// Judges an answer of a person or an outside system. `times` is the number of answers rejected before, so that the
    /// gates of each answer have their own places.
    pub(super) async fn judge_answer(&mut self, ops: &mut dyn Ops, times: u32) -> Result<Option<Rejection>> {
        self.fixes = self.policy().fix.map_or(0, |(_, times)| times);
        self.judged = times.saturating_mul(self.fixes.saturating_add(1));
        let rejection = self.pass_gates(ops).await?;
        self.is_accepted = rejection.is_none();
        Ok(rejection)
    }

    /// Runs the body until it is done. If its effect may or may not have happened, asks a person, provided that the run
    /// can wait.
    async fn do_it(&mut self, ops: &mut dyn Ops) -> Result<()> {
        let (retry, own_error) = (self.policy().retry, self.policy().own_error);
        loop {
            let mut attempt = BodyAttempt { ops: &mut *ops, own_error };
            let tried = attempt::until_done(self, &retry, &mut attempt).await;
            let unknown = |error: &Error| *error.kind() == ErrorKind::UnknownOutcome;
            let (Some(ledger), true) = (self.engine.host.ledger(), tried.as_ref().is_err_and(unknown)) else {
                return tried;
            };
            if let Some(found) = durable::find_out(self, ops, ledger).await {
                return found;
            }
        }
    }

    /// Returns the time limit of an attempt, or of the complete wait for an answer.
    pub(super) fn limit(&self) -> Option<Duration> {
        self.site.timeout.or(self.policy().timeout)
    }

    async fn fall_back(&mut self, ops: &mut dyn Ops, error: Error) -> Result<()> {
        // Setup errors and outputs that cannot be recorded are not failures of the step's work, so no fallback runs.
        let failed = *error.kind() != ErrorKind::Setup && !self.is_lost;
        let fallback = self.policy().fallback.filter(|_| failed);
        let Some(fallback) = fallback else { return Err(error) };
        let step = fallback.get().name;
        self.watch.event(|| Event::WillFallBack { run: self.run(), place: self.place(), step });
        self.stand_in(ops).await.map_err(|failed_too| self.locate(error).with_fallback(step, failed_too))
    }

    async fn stand_in(&mut self, ops: &mut dyn Ops) -> Result<()> {
        self.fell_back = true;
        {
            let _rests = self.rest();
            ops.fall_back(&self.site.cx).await?;
        }
        self.pass_gates(ops).await?.map_or(Ok(()), |rejection| Err(rejected(rejection)))
    }

    /// Runs the gates, and the `fix` step on rejected outputs, until the gates accept or the fixes are used up.
    pub(super) async fn pass_gates(&mut self, ops: &mut dyn Ops) -> Result<Option<Rejection>> {
        loop {
            self.read_back(ops)?;
            let Some(rejection) = self.judge(ops).await? else { return Ok(None) };
            if self.fixes == 0 {
                return Ok(Some(rejection));
            }
            self.fixes -= 1;
            let cx = self.again();
            let _rests = self.rest();
            ops.fix(&cx, &rejection).await?;
        }
    }

    /// In a durable run, gates and code between steps see the output as a resumed run would.
    fn read_back(&mut self, ops: &mut dyn Ops) -> Result<()> {
        if self.engine.host.is_durable() {
            let recorded = ops.read_back();
            self.is_lost = recorded.is_err();
            self.recorded = Some(recorded?);
        }
        Ok(())
    }

    /// Like [`read_back`](Self::read_back), for the step's error.
    fn as_recorded(&self, error: Error) -> Error {
        match self.engine.host.is_durable() {
            true => read_back_error(error, self.policy().own_error),
            false => error,
        }
    }

    async fn judge(&mut self, ops: &mut dyn Ops) -> Result<Option<Rejection>> {
        if self.policy().gates.is_empty() {
            return Ok(None);
        }
        let cx = self.again();
        let judgements = {
            let _rests = self.rest();
            ops.judge(&cx).await?
        };
        self.judged += 1;
        let mut reasons = Vec::new();
        for judgement in judgements {
            self.did_judge(judgement.gate, judgement.verdict.reasons());
            reasons.extend_from_slice(judgement.verdict.reasons());
        }
        if reasons.is_empty() {
            return Ok(None);
        }
        Ok(Some(Rejection { reasons, rejected: shown(ops)? }))
    }

    /// Makes the step inactive while another step serves it, since that may wait for long.
    pub(super) fn rest(&self) -> Option<Rest<'a>> {
        self.engine.host.rest()
    }

    /// The place of the steps that serve this one, different for each time the output is judged.
    fn again(&self) -> Cx<'a> {
        self.site.cx.again(self.judged)
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

    async fn end(mut self, outcome: Result<Option<Value>>) -> Result<()> {
        if self.engine.host.records() {
            self.record_end(&outcome);
            self.site.cx.run.done.end(&self.place(), outcome.as_ref().map(drop));
            self.has_ended = true;
            self.commit().await;
            if let (Some(key), Ok(Some(output))) = (&self.keep_as, &outcome) {
                cache::keep(&self, key, output).await;
            }
        }
        self.ended = true;
        let error = || outcome.as_ref().err().map(|error| error.in_run().to_string());
        self.watch.event(|| Event::DidStep {
            run: self.run(),
            place: self.place(),
            error: error(),
            is_cancelled: false,
        });
        outcome.map(drop)
    }

    /// Adds the step to the undo list, if it has a `compensate` step. The entry counts once the step's end is recorded.
    fn can_be_undone(&self, ops: &dyn Ops, recorded: Option<&Value>, order: Option<u64>) {
        if let Some(undo) = ops.undo() {
            let output = recorded.cloned().map_or_else(|| ops.output(), Ok);
            self.site.cx.run.done.add(self.site, output, undo, order);
        }
    }

    fn record_end(&self, outcome: &Result<Option<Value>>) {
        let (run, place, spent, at) = (self.run(), self.place(), self.spent, self.engine.now());
        self.record(match outcome {
            Ok(output) => Record::StepFinished {
                run,
                place,
                output: output.clone().unwrap_or_default(),
                cached: self.reused,
                spent,
                at,
            },
            Err(error) => Record::StepFailed {
                run,
                place,
                kind: error.kind().name().into(),
                error: error.in_run().to_string(),
                failure: Box::new(Recorded::of(error, self.policy().own_error)),
                spent,
                at,
            },
        });
    }

    fn did_judge(&self, gate: &'static str, reasons: &[String]) {
        if self.engine.host.records() {
            self.record(Record::Judged {
                run: self.run(),
                place: self.place(),
                gate: gate.into(),
                accepted: reasons.is_empty(),
                reasons: reasons.to_vec(),
            });
        }
        self.watch.event(|| match reasons {
            [] => Event::DidAccept { run: self.run(), place: self.place(), gate },
            _ => Event::DidReject { run: self.run(), place: self.place(), gate, reasons: reasons.to_vec() },
        });
    }

    /// Reports an answer that violated the contract.
    pub(super) fn did_break_contract(&self, reasons: &[String]) {
        self.did_judge("contract", reasons);
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

    fn locate(&self, error: Error) -> Error {
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
            return;
        }
        self.cut_off();
        if !self.ended {
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
            self.record(Record::StepCancelled { run: self.run(), place: self.place(), at: self.engine.now() });
        }
    }
}

/// Returns the rejected output as JSON. Numbers that JSON cannot represent become `null`, since the reasons matter
/// more.
fn shown(ops: &dyn Ops) -> Result<Value> {
    ops.output().or_else(|error| match error.kind() {
        ErrorKind::ContractViolated { answer, .. } => serde_json::from_str(answer).map_err(Error::from),
        _ => Err(error),
    })
}

pub(super) fn rejected(rejection: Rejection) -> Error {
    let answer = rejection.rejected.to_string();
    let kind = ErrorKind::Rejected { reasons: rejection.reasons, answer };
    Error::new(kind, "the output was rejected by its gates")
}
