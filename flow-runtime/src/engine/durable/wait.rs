//! Steps that wait: for a person, for an outside system, for what became of an irreversible effect.

use serde_json::Value;

use super::judge::rejected_answer;
use super::ledger::Ledger;
use crate::call::{Ops, broken_answer};
use crate::contract::{Direction, sorted};
use crate::duration;
use crate::engine::asked;
use crate::engine::attempt::fill;
use crate::engine::execute::Here;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::graph::{Effect, Kind, Meta, MetaPtr};
use crate::journal::Slot;
use crate::run::{Record, RejectedAnswers, Wait, WaitsFor};

/// Waits for what the step is answered from outside; `None` where its work is to be done here.
pub(in crate::engine) async fn wait_for(here: &mut Here<'_>, ops: &mut dyn Ops) -> Option<Result<()>> {
    let meta = here.site.meta;
    if meta.kind == Kind::Timer {
        return Some(sleep(here, ops).await);
    }
    let Some(ledger) = here.engine.ledger.clone() else {
        return not_kept(here).filter(|_| here.engine.shared.scripts.is_none()).map(Err);
    };
    if here.engine.shared.scripts.as_ref().is_some_and(|scripts| scripts.tell(meta)) {
        return None;
    }
    match meta.kind {
        Kind::Human => Some(ask(here, ops, &ledger, WaitsFor::Person).await),
        Kind::Signal => Some(ask(here, ops, &ledger, WaitsFor::Signal).await),
        _ if meta.policy.effect != Effect::Irreversible => None,
        // Begun before, and never ended: nobody here knows whether it has happened.
        _ if here.past.began.is_some() && !is_known(here) => find_out(here, ops, &ledger).await,
        _ => {
            here.commit().await;
            None
        }
    }
}

/// Why a step cannot wait in a run that nothing keeps: no answer would ever find it.
fn not_kept(here: &Here<'_>) -> Option<Error> {
    let meta = here.site.meta;
    let who = match meta.kind {
        Kind::Human => "a person",
        Kind::Signal => "a signal",
        _ => return None,
    };
    if here.engine.shared.keeper.is_some() {
        let text = format!(
            "step `{}` waits for {who}, and a step that runs alone is not kept; await it in a workflow",
            meta.name
        );
        return Some(Error::new(ErrorKind::Setup, text));
    }
    let text = format!(
        "step `{}` waits for {who}, and no journal keeps the run until the answer comes; pass --journal FILE (`Builder::journal`), or answer in a test with `Runtime::test()`",
        meta.name
    );
    Some(Error::new(ErrorKind::Setup, text))
}

/// Whether the records say what became of the effect.
fn is_known(here: &Here<'_>) -> bool {
    here.past.attempts.iter().any(|attempt| match &attempt.failure {
        Some(failure) => failure.kind != ErrorKind::UnknownOutcome,
        None => attempt.output.is_some(),
    })
}

/// The run waits for as long as the step's argument says: in memory where nothing keeps it.
async fn sleep(here: &mut Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let input = ops.input()?;
    let text = key(input).as_str().unwrap_or_default().to_owned();
    let time = duration::parse(&text).ok_or_else(|| {
        let text =
            format!("`{text}` is no duration: write a whole number and a unit, as in `500ms`, `30s`, `5m`, `1h`, `3d`");
        Error::terminal(text)
    })?;
    match here.engine.ledger.clone() {
        None => here.engine.shared.clock.pass(time).await,
        Some(ledger) => {
            let begun = here.past.wait.as_ref().or(here.past.withdrawn.as_ref()).and_then(|wait| wait.until);
            let until = Some(begun.unwrap_or_else(|| ledger.clock.after(time)));
            let open = Wait { until, ..open(here, &ledger, WaitsFor::Time) };
            wait(here, &ledger, &open).await;
        }
    }
    fill(ops, Value::Null)
}

/// A person, or an outside system, gives the output. An answer that is rejected is asked for again, in the time that is left.
async fn ask(here: &mut Here<'_>, ops: &mut dyn Ops, ledger: &Ledger, who: WaitsFor) -> Result<()> {
    let (limit, begun) = (here.limit(), here.past.wait.as_ref());
    let until = begun.map(|wait| wait.until);
    let rejected = begun.or(here.past.withdrawn.as_ref()).and_then(|wait| wait.rejected.clone());
    let until = until.unwrap_or_else(|| limit.map(|limit| ledger.clock.after(limit)));
    let prompt = Some(asked::prompt(here.site.meta, ops)?).filter(|prompt| !prompt.messages.is_empty());
    let mut open =
        Wait { key: key(in_order(here.site.meta, &ops.input()?)), prompt, until, rejected, ..open(here, ledger, who) };
    while let Some(answer) = wait(here, ledger, &open).await {
        let times = open.rejected.as_ref().map_or(0, |rejected| rejected.times);
        let Some(error) = refused(here, ops, answer, times).await? else {
            tell(here, || Ok(()));
            return Ok(());
        };
        let (times, reasons) = (times + 1, reasons(&error));
        open.rejected = Some(RejectedAnswers { times, reasons });
        open.at = ledger.clock.now();
        begin(here, ledger, &open).await;
        tell(here, || Err(Error::new(error.kind().clone(), error.message())));
    }
    let after = limit.unwrap_or_default();
    Err(Error::new(ErrorKind::TimedOut { after }, format!("no answer within {after:?}")))
}

/// Why an answer is not the output; `None` where it is. Whoever answered knew the contract, and what gates could be asked before;
/// what only the run can tell is found here.
async fn refused(here: &mut Here<'_>, ops: &mut dyn Ops, answer: Value, times: u32) -> Result<Option<Error>> {
    let step = here.site.meta;
    if let Err(violations) = ops.fill(answer.clone()) {
        let reasons: Vec<_> = violations.iter().map(ToString::to_string).collect();
        here.did_break_contract(&reasons);
        return Ok(Some(broken_answer(MetaPtr::new(step), violations, answer.to_string())));
    }
    let rejection = here.judge_answer(ops, times).await?;
    Ok(rejection.map(|rejection| rejected_answer(step, rejection.reasons, &answer)))
}

pub(super) fn reasons(error: &Error) -> Vec<String> {
    match error.kind() {
        ErrorKind::Rejected { reasons, .. } => reasons.clone(),
        ErrorKind::ContractViolated { violations, .. } => violations.iter().map(ToString::to_string).collect(),
        _ => vec![error.message().to_owned()],
    }
}

/// Whoever has answered is told what became of it.
fn tell(here: &Here<'_>, verdict: impl Fn() -> Result<()>) {
    if let Some(keeper) = &here.engine.shared.keeper {
        keeper.verdicts.tell(&here.run(), &here.place(), verdict);
    }
}

/// A person finds out whether an irreversible effect has happened; `None` where it has not and may be begun again.
pub(in crate::engine) async fn find_out(here: &mut Here<'_>, ops: &mut dyn Ops, ledger: &Ledger) -> Option<Result<()>> {
    let open = open(here, ledger, WaitsFor::Outcome);
    let found = wait(here, ledger, &open).await?;
    if found.get("happened").and_then(Value::as_bool) == Some(true) {
        return Some(fill(ops, found.get("output").cloned().unwrap_or_default()));
    }
    if !ops.can_run() {
        // The answer is kept, and finds the step with arguments when the run is executed from its records.
        match ledger.begin_anew().await {}
    }
    here.past = Default::default();
    if let Err(error) = here.record_input(ops) {
        return Some(Err(error));
    }
    here.commit().await;
    None
}

/// A wait that begins now, for as long as it takes.
fn open(here: &Here<'_>, ledger: &Ledger, waits_for: WaitsFor) -> Wait {
    let (run, place, at, meta) = (here.run(), here.place(), ledger.clock.now(), here.site.meta);
    let (step, id) = (meta.name.to_owned(), Some(meta.id).filter(|id| *id != meta.name).map(Into::into));
    Wait { run, place, step, id, waits_for, key: Value::Null, prompt: None, until: None, rejected: None, at }
}

/// A wait that begins is recorded; a signal that came before it is taken with it.
async fn begin(here: &mut Here<'_>, ledger: &Ledger, open: &Wait) {
    here.record(Record::Waiting(Box::new(open.clone())));
    here.past.wait = Some(open.clone());
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
        begin(here, ledger, open).await;
        if let Some(answer) = here.past.answer.take() {
            return Some(answer);
        }
    }
    let step = here.site.meta.name;
    here.watch.event(|| Event::WillWait { run: here.run(), place: here.place(), step });
    ledger.answer(&open.place, open.until).await
}

/// An input with its sets in order, so that equal ones read the same.
pub(super) fn in_order(step: &'static Meta, input: &Value) -> Value {
    sorted(&step.input_schema(Direction::Write), input)
}

/// By what a signal finds the step: its only argument, or all of them by name.
pub(super) fn key(input: Value) -> Value {
    match input {
        Value::Object(arguments) if arguments.len() == 1 => {
            arguments.into_iter().next().map_or(Value::Null, |(_, argument)| argument)
        }
        input => input,
    }
}
