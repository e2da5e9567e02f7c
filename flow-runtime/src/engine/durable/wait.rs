//! Steps that wait: for a person, for an outside system, or to learn whether an irreversible effect happened.

use std::time::Duration;

use serde_json::Value;

use super::held::{self, Teller};
use super::judge::{reasons, rejected_answer};
use super::ledger::Ledger;
use crate::call::{Ops, broken_answer};
use crate::contract::{Direction, in_records, sorted};
use crate::duration;
use crate::engine::fill::fill;
use crate::engine::here::Here;
use crate::engine::prompts;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::graph::{Effect, Kind, Meta, MetaPtr};
use crate::journal::Slot;
use crate::run::{Record, RejectedAnswers, Wait, WaitsFor};

/// Waits if the step gets its answer from outside; `None` if its work is to be done here.
pub(in crate::engine) async fn wait_for(here: &mut Here<'_>, ops: &mut dyn Ops) -> Option<Result<()>> {
    let meta = here.site.meta;
    if matches!(meta.kind, Kind::Human | Kind::Signal | Kind::Timer) {
        // In an earlier version it was a step with attempts.
        here.past.take_retry();
    }
    if meta.kind == Kind::Timer {
        return Some(sleep(here, ops).await);
    }
    let Some(ledger) = here.engine.host.ledger().cloned() else { return wait_in_memory(here, ops).await };
    if here.engine.shared.scripts.as_ref().is_some_and(|scripts| scripts.tell(meta)) {
        return None;
    }
    match meta.kind {
        Kind::Human => Some(ask(here, ops, Some(&ledger), WaitsFor::Person).await),
        Kind::Signal => Some(ask(here, ops, Some(&ledger), WaitsFor::Signal).await),
        _ if meta.policy.effect != Effect::Irreversible => None,
        // Started before and never ended, so its effect may or may not have happened.
        _ if here.past.began.is_some() && !is_known(here) => find_out(here, ops, &ledger).await,
        _ => {
            here.commit().await;
            None
        }
    }
}

/// Like [`wait_for`], in a run without a journal. Steps that a test scripts do not wait.
async fn wait_in_memory(here: &mut Here<'_>, ops: &mut dyn Ops) -> Option<Result<()>> {
    let (meta, shared) = (here.site.meta, &here.engine.shared);
    let (who, waits_for) = match meta.kind {
        Kind::Human => ("a person", WaitsFor::Person),
        Kind::Signal => ("a signal", WaitsFor::Signal),
        _ => return None,
    };
    if shared.scripts.is_some() {
        return None;
    }
    if shared.keeper.is_some() {
        let text = format!(
            "step `{}` waits for {who}, but a step that runs alone is not recorded; await it in a workflow",
            meta.name
        );
        return Some(Err(Error::new(ErrorKind::Setup, text)));
    }
    Some(ask(here, ops, None, waits_for).await)
}

/// Returns whether the outcome of the effect is recorded.
fn is_known(here: &Here<'_>) -> bool {
    here.past.attempts.iter().any(|attempt| match &attempt.failure {
        Some(failure) => failure.kind != ErrorKind::UnknownOutcome,
        None => attempt.output.is_some(),
    })
}

/// Waits for the duration in the step's argument; in memory if the run has no journal.
async fn sleep(here: &mut Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let input = ops.input()?;
    let text = key(input).as_str().unwrap_or_default().to_owned();
    let time = duration::read(&text).map_err(Error::terminal)?;
    match here.engine.host.ledger().cloned() {
        None => here.engine.host.clock().pass(time).await,
        Some(ledger) => {
            let begun = here.past.wait.as_ref().or(here.past.withdrawn.as_ref()).and_then(|wait| wait.until);
            let until = Some(begun.unwrap_or_else(|| ledger.clock.after(time)));
            let open = Wait { until, ..open(here, WaitsFor::Time) };
            wait(here, &ledger, &open).await;
        }
    }
    fill(ops, Value::Null)
}

/// Waits for the next attempt. A long delay is recorded, so that the run can leave memory.
pub(in crate::engine) async fn until_retry(here: &mut Here<'_>, after: Duration) {
    let begun = here.past.take_retry();
    let ledger = here.engine.host.ledger().filter(|ledger| begun.is_some() || after > ledger.linger).cloned();
    let Some(ledger) = ledger else {
        will_retry(here, after);
        return here.engine.host.clock().pass(after).await;
    };
    let (is_recorded, until) = match begun {
        Some((wait, is_recorded)) => (is_recorded, wait.until),
        None => (false, None),
    };
    let until = until.unwrap_or_else(|| ledger.clock.after(after));
    let open = Wait { until: Some(until), ..open(here, WaitsFor::Retry) };
    if !is_recorded {
        here.record(Record::Waiting(Box::new(open.clone())));
        here.commit().await;
    }
    will_retry(here, until.since(ledger.clock.now()));
    ledger.pass(&open).await;
}

fn will_retry(here: &Here<'_>, after: Duration) {
    here.watch.event(|| Event::WillRetry { run: here.run(), place: here.place(), after });
}

/// Gets the output from a person or an outside system. A rejected answer is requested again within the remaining time.
async fn ask(here: &mut Here<'_>, ops: &mut dyn Ops, ledger: Option<&Ledger>, who: WaitsFor) -> Result<()> {
    let (limit, begun) = (here.limit(), here.past.wait.as_ref());
    let until = begun.map(|wait| wait.until);
    let rejected = begun.or(here.past.withdrawn.as_ref()).and_then(|wait| wait.rejected.clone());
    let clock = here.engine.host.clock().clone();
    let until = until.unwrap_or_else(|| limit.map(|limit| clock.after(limit)));
    let input = here.written(|| ops.input())?;
    let prompt = prompts::prompt(here.site.meta, ops)?;
    let prompt = Some(prompt).filter(|prompt| !prompt.messages.is_empty());
    let mut open = Wait { key: key(in_order(here.site.meta, &input)), prompt, until, rejected, ..open(here, who) };
    while let Some((answer, teller)) = heard(here, ledger, &open, &input).await {
        let times = open.rejected.as_ref().map_or(0, |rejected| rejected.times);
        let Some(error) = refused(here, ops, answer, times).await? else {
            tell(here, teller, || Ok(()));
            return Ok(());
        };
        let (times, reasons) = (times + 1, reasons(&error));
        open.rejected = Some(RejectedAnswers { times, reasons });
        open.at = clock.now();
        begin(here, ledger, &open).await;
        tell(here, teller, || Err(Error::new(error.kind().clone(), error.message())));
    }
    let after = limit.unwrap_or_default();
    Err(Error::new(ErrorKind::TimedOut { after }, format!("no answer within {after:?}")))
}

/// Waits for the next answer. The `Teller` exists only without a journal; otherwise the keeper reports verdicts.
async fn heard(
    here: &mut Here<'_>,
    ledger: Option<&Ledger>,
    open: &Wait,
    input: &Value,
) -> Option<(Value, Option<Teller>)> {
    let Some(ledger) = ledger else {
        if here.past.wait.is_none() {
            begin(here, None, open).await;
        }
        return held::wait(here, open, input.clone()).await.map(|heard| (heard.answer, heard.teller));
    };
    Some((wait(here, ledger, open).await?, None))
}

/// Returns why an answer cannot be the output; `None` if it can. The contract and some gates were checked when the
/// answer was given; the rest can only be checked by the run.
async fn refused(here: &mut Here<'_>, ops: &mut dyn Ops, answer: Value, times: u32) -> Result<Option<Error>> {
    let step = here.site.meta;
    // What was accepted refers to attachments of the run.
    if let Err(violations) = in_records(|| ops.fill(answer.clone())) {
        let reasons: Vec<_> = violations.iter().map(ToString::to_string).collect();
        here.did_break_contract(&reasons);
        return Ok(Some(broken_answer(MetaPtr::new(step), violations, answer)));
    }
    let rejection = here.judge_answer(ops, times).await?;
    Ok(rejection.map(|rejection| rejected_answer(step, rejection.reasons, answer)))
}

/// Reports the verdict to the caller who answered.
fn tell(here: &Here<'_>, teller: Option<Teller>, verdict: impl Fn() -> Result<()>) {
    if let Some(teller) = teller {
        teller.tell(verdict());
    }
    if let Some(keeper) = &here.engine.shared.keeper {
        keeper.verdicts.tell(&here.run(), &here.place(), verdict);
    }
}

/// Waits for a person to report whether an irreversible effect happened; `None` if it did not and the step may start
/// again.
pub(in crate::engine) async fn find_out(here: &mut Here<'_>, ops: &mut dyn Ops, ledger: &Ledger) -> Option<Result<()>> {
    let open = open(here, WaitsFor::Outcome);
    let found = wait(here, ledger, &open).await?;
    if found.get("happened").and_then(Value::as_bool) == Some(true) {
        return Some(fill(ops, found.get("output").cloned().unwrap_or_default()));
    }
    if !ops.can_run() {
        // The answer stays recorded, and finds the step with its arguments when the run is executed from its records.
        match ledger.begin_anew().await {}
    }
    here.past = Default::default();
    if let Err(error) = here.record_input(ops) {
        return Some(Err(error));
    }
    here.commit().await;
    None
}

/// Creates a wait that starts now and has no deadline.
fn open(here: &Here<'_>, waits_for: WaitsFor) -> Wait {
    let (run, place, at, meta) = (here.run(), here.place(), here.engine.now(), here.site.meta);
    let (step, id) = (meta.name.to_owned(), Some(meta.id).filter(|id| *id != meta.name).map(Into::into));
    Wait { run, place, step, id, waits_for, key: Value::Null, prompt: None, until: None, rejected: None, at }
}

/// Records that a wait starts, and takes a signal that was kept for it.
async fn begin(here: &mut Here<'_>, ledger: Option<&Ledger>, open: &Wait) {
    here.keep_attached(open.prompt.as_ref());
    here.record(Record::Waiting(Box::new(open.clone())));
    here.past.wait = Some(open.clone());
    let Some(ledger) = ledger else { return };
    let Some(slot) = Slot::of(open) else { return here.commit().await };
    if let Some(answered) = ledger.commit_wait(&open.place, &slot).await {
        here.watch.record(&answered);
        if let Record::Answered { answer, .. } = answered {
            here.past.answer = Some(answer);
        }
    }
}

async fn wait(here: &mut Here<'_>, ledger: &Ledger, open: &Wait) -> Option<Value> {
    if let Some(answer) = here.past.answer.take() {
        return Some(answer);
    }
    if here.past.wait.is_none() || here.past.waits_anew {
        here.past.waits_anew = false;
        begin(here, Some(ledger), open).await;
        if let Some(answer) = here.past.answer.take() {
            return Some(answer);
        }
    }
    let step = here.site.meta.name;
    here.watch.event(|| Event::WillWait { run: here.run(), place: here.place(), step });
    ledger.answer(open).await
}

/// Sorts the sets of an input, so that equal inputs have equal text.
pub(super) fn in_order(step: &'static Meta, input: &Value) -> Value {
    sorted(&step.input_schema(Direction::Write), input)
}

/// Returns the key of a signal step: its only argument, or an object of all arguments.
pub(super) fn key(input: Value) -> Value {
    match input {
        Value::Object(arguments) if arguments.len() == 1 => {
            arguments.into_iter().next().map_or(Value::Null, |(_, argument)| argument)
        }
        input => input,
    }
}
