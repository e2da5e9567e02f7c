//! Attempts: made one after another, with delays in between, until one succeeds or none is left.

use std::time::Duration;

use serde_json::Value;

use super::durable;
use super::fill::fill;
use super::here::Here;
use super::script::Reply as ScriptReply;
use super::serve;
use super::spend;
use super::telemetry::{self, Span};
use super::tried::{Tried, Try};
use super::unknown::unknown_outcome;
use crate::call::Ops;
use crate::error::{Error, ErrorKind, OwnError, Recorded, Result};
use crate::event::Event;
use crate::graph::{Effect, Kind};
use crate::provider::{BoxFuture, Price, Spent};
use crate::retry::Retry;
use crate::run::{Attempt, Record};
use crate::time_limit::{Late, within_clock};

pub(super) async fn until_done<T>(here: &mut Here<'_>, retry: &Retry, action: &mut dyn Try<T>) -> Result<T> {
    let mut failed = 0;
    loop {
        let tried = one(here, action).await;
        let error = match tried.outcome {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        failed += 1;
        if !error.is_retryable() || failed >= retry.max_attempts {
            return Err(error);
        }
        let Some(after) = retry.delay(failed, tried.retry_after) else { return Err(error) };
        if !here.past.attempts.is_empty() {
            // The delay elapsed before the next recorded attempt.
            continue;
        }
        durable::until_retry(here, after).await;
    }
}

/// Makes one attempt, unless its call does not fit into a budget.
async fn one<T>(here: &mut Here<'_>, action: &mut dyn Try<T>) -> Tried<T> {
    if let Some(tried) = recorded(here, action) {
        return tried;
    }
    let price = action.request().and_then(|request| here.engine.shared.price(request));
    let held = match action.request() {
        None => Ok(spend::Held::default()),
        Some(request) => spend::reserve(here, request, price, here.limit()).await,
    };
    let held = match held {
        Ok(held) => held,
        Err(error) => return Tried::plain(Err(error)),
    };
    let tried = made(here, action, price).await;
    held.settle(spend::cost(price, &tried.usage), &tried.usage, tried.outcome.is_ok());
    tried
}

/// Replays the next attempt from the records of a resumed run: no model is asked or paid twice.
fn recorded<T>(here: &mut Here<'_>, action: &mut dyn Try<T>) -> Option<Tried<T>> {
    let recorded = here.past.attempts.pop_front()?;
    let outcome = action.again(&recorded);
    if recorded.model.is_some() {
        here.spent = here.spent.plus(Spent::call(recorded.usage, recorded.cost));
    }
    here.attempts += 1;
    // Anything recorded after an attempt that is made again no longer applies.
    if outcome.is_none() {
        here.past.attempts.clear();
    }
    Some(Tried { usage: recorded.usage, ..Tried::plain(outcome?) })
}

/// Returns whether the result of an attempt is still to be judged, or may call tools, and so has to be recorded first.
fn is_judged(here: &Here<'_>) -> bool {
    !here.policy().gates.is_empty() || here.policy().tools.is_some()
}

async fn made<T>(here: &mut Here<'_>, action: &mut dyn Try<T>, price: Option<Price>) -> Tried<T> {
    here.attempts += 1;
    // Its record ends the wait of an attempt that is made without it.
    here.past.take_retry();
    let model = action.request().map(|request| request.model.id());
    let (attempt, started) = (here.attempts, here.engine.now());
    let turn = action.turn();
    here.watch.event(|| Event::WillAttempt { run: here.run(), place: here.place(), attempt, turn, model });
    let span = Span::attempt(here, action.request());
    if telemetry::is_heard() {
        span.at(action.server());
    }
    here.asking = model;
    let mut tried = span.within(limited(here, action)).await;
    here.asking = None;
    let cost = spend::cost(price, &tried.usage);
    if model.is_some() {
        here.spend(Spent::call(tried.usage, cost));
    }
    tried.usage = tried.usage.plus(here.take_reported());
    let error = tried.outcome.as_ref().err();
    span.used(&tried.usage, cost);
    span.told(&tried.told);
    span.attempt_failed(error);
    if here.engine.host.records() {
        let asked = action.asks().unwrap_or_default();
        let gives = (model.is_none() && is_judged(here)).then(|| action.gives()).flatten();
        here.record(Record::Attempt(Box::new(Attempt {
            run: here.run(),
            place: here.place(),
            attempt,
            model: model.map(Into::into),
            turn,
            prompt: asked.prompt,
            schema: asked.schema,
            reply: tried.reply.take(),
            usage: tried.usage,
            cost,
            error_kind: error.map(|error| error.kind().name().into()),
            error: error.map(|error| error.in_run().to_string()),
            failure: error.map(|error| Box::new(Recorded::of(error, here.policy().own_error))),
            output: gives,
            started,
            ended: here.engine.now(),
        })));
        if is_judged(here) || (model.is_some() && error.is_some()) {
            here.commit().await;
        }
    }
    here.watch.event(|| Event::DidAttempt {
        run: here.run(),
        place: here.place(),
        attempt,
        model,
        usage: tried.usage,
        cost,
        error: error.map(|error| error.in_run().to_string()),
    });
    if error.is_some() {
        here.take_back();
    }
    tried
}

async fn limited<T>(here: &Here<'_>, action: &mut dyn Try<T>) -> Tried<T> {
    let is_mcp = here.site.meta.kind == Kind::Mcp;
    if is_mcp && let Err(error) = Box::pin(serve::connect(here)).await {
        return Tried::plain(Err(error));
    }
    let Some(after) = here.limit().or(is_mcp.then_some(serve::LONGEST)) else { return action.once(here).await };
    let left = here.engine.shared.clock.passing(after);
    match within_clock(left, action.once(here)).await {
        Ok(tried) => tried,
        // Keep the usage, and prefer a failure of its own, which says more than the timeout.
        Err(Late { output: Some(tried), .. }) if tried.outcome.is_err() => tried,
        Err(Late { output, blocked }) => {
            let who = match here.site.meta.kind {
                Kind::Model => "the provider",
                Kind::Mcp => "the server",
                _ => "the body",
            };
            let why = blocked.map_or_else(String::new, |blocked| format!("; {who} {blocked}"));
            let outcome = Err(late(here, after, &why));
            match output {
                Some(tried) => Tried { outcome, ..tried },
                None => Tried::plain(outcome),
            }
        }
    }
}

/// The error of an attempt that was stopped or ended too late. If its effect is irreversible, it may or may not have
/// happened.
fn late(here: &Here<'_>, after: Duration, why: &str) -> Error {
    let text = format!("no answer within {after:?}{why}");
    match here.policy().effect {
        Effect::Irreversible => unknown_outcome(here.engine, &text),
        _ => Error::new(ErrorKind::TimedOut { after }, text),
    }
}

/// A step's own body or tool, or the scripted or human answer that replaces it.
pub(super) struct BodyAttempt<'a> {
    pub(super) ops: &'a mut dyn Ops,
    pub(super) own_error: Option<OwnError>,
}

impl Try<()> for BodyAttempt<'_> {
    fn gives(&self) -> Option<Value> {
        self.ops.output().ok()
    }

    fn again(&mut self, recorded: &Attempt) -> Option<Result<()>> {
        match (&recorded.failure, &recorded.output) {
            (Some(failure), _) => Some(Err((**failure).clone().into_error(self.own_error))),
            (None, output) => Some(fill(self.ops, output.clone()?)),
        }
    }

    fn once<'s>(&'s mut self, here: &'s Here<'_>) -> BoxFuture<'s, Tried<()>> {
        Box::pin(async move {
            let meta = here.site.meta;
            if let Some(scripts) = &here.engine.shared.scripts {
                match scripts.reply(meta, self.ops) {
                    ScriptReply::Says(outcome) => return Tried::plain(outcome.and_then(|value| fill(self.ops, value))),
                    ScriptReply::Calls(_) => return Tried::plain(Err(unscripted(meta.name))),
                    ScriptReply::Never => std::future::pending().await,
                    ScriptReply::Silent if meta.kind != Kind::Code => return Tried::plain(Err(unscripted(meta.name))),
                    ScriptReply::Silent => {}
                }
            }
            Tried::plain(match meta.kind {
                Kind::Mcp => serve::call(here, self.ops).await,
                _ => self.ops.run_body(&here.site.cx, here.attempts).await,
            })
        })
    }
}

pub(super) fn unscripted(step: &str) -> Error {
    let text = format!(
        "the test has no answer for step `{step}`; add `.answer({step}, …)`, `.answers({step}, […])`, `.with({step}, |…| …)` or `.generate()`"
    );
    Error::new(ErrorKind::Setup, text)
}
