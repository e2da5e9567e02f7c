//! Executes one step: start, attempts, gates, fix, fallback, end.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use serde_json::Value;

use super::attempt::{self, BodyAttempt};
use super::durable;
use super::fill::fill;
use super::gates::rejected;
use super::here::Here;
use super::in_process::InProcess;
use super::telemetry::Span;
use super::{answer, approval, cache, silence, undo};
use crate::call::{Ops, Site, panicked};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::graph::Kind;
use crate::run::{StepEnd, StepState};

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
    match &outcome {
        Ok(recorded) => here.can_be_undone(ops, recorded.as_ref(), None),
        Err(_) => here.take_back(),
    }
    here.end(outcome).await
}

impl Here<'_> {
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
            self.take_back();
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

    async fn fall_back(&mut self, ops: &mut dyn Ops, error: Error) -> Result<()> {
        // Outputs that cannot be recorded, and errors of the run, are not failures of the step's work: no fallback runs.
        let failed = error.kind().is_of_step() && !self.is_lost;
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
}
