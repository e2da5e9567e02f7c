//! Steps that wait: for a person, for an outside system, for what became of an irreversible effect.

use serde_json::Value;

use super::ledger::Ledger;
use crate::call::Ops;
use crate::duration;
use crate::engine::asked;
use crate::engine::attempt::fill;
use crate::engine::execute::Here;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::graph::{Effect, Kind, Meta};
use crate::prompt::Prompt;
use crate::run::{Record, Wait, WaitsFor};

/// Waits for what the step is answered from outside; `None` where its work is to be done here.
pub(in crate::engine) async fn wait_for(here: &mut Here<'_>, ops: &mut dyn Ops) -> Option<Result<()>> {
    let meta = here.site.meta;
    if meta.kind == Kind::Timer {
        return Some(sleep(here, ops).await);
    }
    let Some(ledger) = here.engine.ledger.clone() else {
        return not_kept(meta).filter(|_| here.engine.shared.scripts.is_none()).map(Err);
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
fn not_kept(meta: &'static Meta) -> Option<Error> {
    let who = match meta.kind {
        Kind::Human => "a person",
        Kind::Signal => "a signal",
        _ => return None,
    };
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
        None => tokio::time::sleep(time).await,
        Some(ledger) => {
            let begun = here.past.wait.as_ref().and_then(|wait| wait.until);
            let until = begun.unwrap_or_else(|| ledger.clock.after(time));
            wait(here, &ledger, WaitsFor::Time, Value::Null, None, Some(until)).await;
        }
    }
    fill(ops, Value::Null)
}

/// A person, or an outside system, gives the output.
async fn ask(here: &mut Here<'_>, ops: &mut dyn Ops, ledger: &Ledger, who: WaitsFor) -> Result<()> {
    let limit = here.limit();
    let begun = here.past.wait.as_ref().map(|wait| wait.until);
    let until = begun.unwrap_or_else(|| limit.map(|limit| ledger.clock.after(limit)));
    let input = ops.input()?;
    let prompt = Some(asked::prompt(here.site.meta, ops)?).filter(|prompt| !prompt.messages.is_empty());
    let key = key(input);
    while let Some(answer) = wait(here, ledger, who, key.clone(), prompt.clone(), until).await {
        // Whoever answered knew the contract; what only the type's own code refuses is found here, and asked again.
        let Err(violations) = ops.fill(answer) else { return Ok(()) };
        let reasons: Vec<_> = violations.iter().map(ToString::to_string).collect();
        here.did_break_contract(&reasons);
        here.past.wait = None;
    }
    let after = limit.unwrap_or_default();
    Err(Error::new(ErrorKind::TimedOut { after }, format!("no answer within {after:?}")))
}

/// A person finds out whether an irreversible effect has happened; `None` where it has not and may be begun again.
pub(in crate::engine) async fn find_out(here: &mut Here<'_>, ops: &mut dyn Ops, ledger: &Ledger) -> Option<Result<()>> {
    let found = wait(here, ledger, WaitsFor::Outcome, Value::Null, None, None).await?;
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

async fn wait(
    here: &mut Here<'_>,
    ledger: &Ledger,
    waits_for: WaitsFor,
    key: Value,
    prompt: Option<Prompt>,
    until: Option<crate::run::Stamp>,
) -> Option<Value> {
    if let Some(answer) = here.past.answer.take() {
        return Some(answer);
    }
    let (run, place, step) = (here.run(), here.place(), here.site.meta.name);
    if here.past.wait.is_none() {
        let (step, at) = (step.to_owned(), ledger.clock.now());
        let wait = Wait { run: run.clone(), place: place.clone(), step, waits_for, key, prompt, until, at };
        here.record(Record::Waiting(Box::new(wait)));
        here.commit().await;
    }
    here.watch.event(|| Event::WillWait { run, place: place.clone(), step });
    ledger.answer(&place, until).await
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
