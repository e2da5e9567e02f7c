//! Executes one step: start, attempts, gates, fix, fallback, end.

use super::attempt::{self, BodyAttempt};
use super::watch::Watch;
use super::{InProcess, answer, lock};
use crate::call::{Ops, Site, at};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::gate::Rejection;
use crate::graph::{Kind, Policy};
use crate::provider::Usage;
use crate::run::{Cx, Place, Record, RunId, Stamp};

/// A step that is being executed.
pub(super) struct Here<'a> {
    pub(super) engine: &'a InProcess,
    pub(super) site: Site<'a>,
    pub(super) place: Place,
    pub(super) watch: Watch<'a>,
    /// Attempts begun so far, over all models, repairs and retries.
    pub(super) attempts: u32,
    /// How often the output was judged.
    judged: u32,
}

pub(super) async fn step(engine: &InProcess, site: Site<'_>, ops: &mut dyn Ops) -> Result<()> {
    let watch = engine.shared.watch(site.cx.run, engine.feed.as_ref());
    let mut here = Here { engine, place: site.cx.place(), site, watch, attempts: 0, judged: 0 };
    here.will_step(ops)?;
    let permit = ops.enter().await;
    let outcome = match here.produce(ops).await {
        Err(error) => here.fall_back(ops, error).await,
        done => done,
    };
    drop(permit);
    let outcome = outcome.map_err(|error| here.locate(error));
    here.did_step(ops, outcome)
}

impl<'a> Here<'a> {
    pub(super) fn policy(&self) -> &'static Policy {
        &self.site.meta.policy
    }

    pub(super) fn run(&self) -> RunId {
        self.site.cx.run.id.clone()
    }

    async fn produce(&mut self, ops: &mut dyn Ops) -> Result<()> {
        if self.site.meta.kind == Kind::Model {
            return answer::produce(self, ops).await;
        }
        let retry = self.policy().retry;
        attempt::until_done(self, &retry, &mut BodyAttempt { ops: &mut *ops }).await?;
        self.pass_gates(ops).await?.map_or(Ok(()), |rejection| Err(rejected(rejection)))
    }

    async fn fall_back(&mut self, ops: &mut dyn Ops, error: Error) -> Result<()> {
        let Some(fallback) = self.policy().fallback else { return Err(error) };
        self.watch.event(Event::WillFallBack { run: self.run(), place: self.place.clone(), step: fallback.get().name });
        ops.fall_back(&self.site.cx).await?;
        self.pass_gates(ops).await?.map_or(Ok(()), |rejection| Err(rejected(rejection)))
    }

    /// Lets the gates judge, and the `fix` step mend what they reject, until they accept or the fixes are used up.
    pub(super) async fn pass_gates(&mut self, ops: &mut dyn Ops) -> Result<Option<Rejection>> {
        let mut fixes = self.policy().fix.map_or(0, |(_, times)| times);
        loop {
            let Some(rejection) = self.judge(ops).await? else { return Ok(None) };
            if fixes == 0 {
                return Ok(Some(rejection));
            }
            fixes -= 1;
            let cx = self.again();
            ops.fix(&cx, &rejection).await?;
        }
    }

    async fn judge(&mut self, ops: &mut dyn Ops) -> Result<Option<Rejection>> {
        if self.policy().gates.is_empty() {
            return Ok(None);
        }
        let cx = self.again();
        let judgements = ops.judge(&cx).await?;
        self.judged += 1;
        let mut reasons = Vec::new();
        for judgement in judgements {
            self.did_judge(judgement.gate, judgement.verdict.reasons());
            reasons.extend_from_slice(judgement.verdict.reasons());
        }
        if reasons.is_empty() {
            return Ok(None);
        }
        Ok(Some(Rejection { reasons, rejected: ops.output()? }))
    }

    /// The place of what serves this step, different for each time the output is judged.
    fn again(&self) -> Cx<'a> {
        self.site.cx.again(self.judged)
    }

    fn will_step(&self, ops: &dyn Ops) -> Result<()> {
        let meta = self.site.meta;
        if self.engine.records {
            self.watch.record(&Record::StepStarted {
                place: self.place.clone(),
                step: meta.name.into(),
                kind: crate::graph::kind_name(meta.kind).into(),
                input: ops.input().map_err(|error| self.locate(error))?,
                at: Stamp::now(),
            });
        }
        self.watch.event(Event::WillStep { run: self.run(), place: self.place.clone(), step: meta.name });
        Ok(())
    }

    fn did_step(&self, ops: &dyn Ops, outcome: Result<()>) -> Result<()> {
        let outcome = outcome.and_then(|()| if self.engine.records { self.record_output(ops) } else { Ok(()) });
        if let Err(error) = &outcome
            && self.engine.records
        {
            self.watch.record(&Record::StepFailed {
                place: self.place.clone(),
                kind: error.kind().name().into(),
                error: error.to_string(),
                at: Stamp::now(),
            });
        }
        let error = outcome.as_ref().err().map(ToString::to_string);
        self.watch.event(Event::DidStep { run: self.run(), place: self.place.clone(), error });
        outcome
    }

    fn record_output(&self, ops: &dyn Ops) -> Result<()> {
        let output = ops.output().map_err(|error| self.locate(error))?;
        self.watch.record(&Record::StepFinished { place: self.place.clone(), output, at: Stamp::now() });
        Ok(())
    }

    fn did_judge(&self, gate: &'static str, reasons: &[String]) {
        if self.engine.records {
            self.watch.record(&Record::Judged {
                place: self.place.clone(),
                gate: gate.into(),
                accepted: reasons.is_empty(),
                reasons: reasons.to_vec(),
            });
        }
        self.watch.event(match reasons {
            [] => Event::DidAccept { run: self.run(), place: self.place.clone(), gate },
            _ => Event::DidReject { run: self.run(), place: self.place.clone(), gate, reasons: reasons.to_vec() },
        });
    }

    /// An answer that broke the contract, told to whoever watches.
    pub(super) fn did_break_contract(&self, reasons: &[String]) {
        self.did_judge("contract", reasons);
    }

    /// What the body has reported of its own model calls since the last attempt.
    pub(super) fn take_reported(&self) -> Usage {
        let mut reported = lock(&self.engine.reported);
        let (mine, others) = std::mem::take(&mut *reported).into_iter().partition(|(place, _)| *place == self.place);
        *reported = others;
        let mine: Vec<(Place, Usage)> = mine;
        mine.into_iter().fold(Usage::default(), |sum, (_, usage)| sum.plus(usage))
    }

    fn locate(&self, error: Error) -> Error {
        error.or_at(|| at(&self.site.cx, self.site.meta.name, self.attempts.max(1)))
    }
}

pub(super) fn rejected(rejection: Rejection) -> Error {
    let answer = rejection.rejected.to_string();
    let kind = ErrorKind::Rejected { reasons: rejection.reasons, answer };
    Error::new(kind, "the output was rejected by its gates")
}
