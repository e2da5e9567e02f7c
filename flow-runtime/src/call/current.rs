//! What a step's body may ask about itself.

use crate::error::{Error, Result};
use crate::provider::Usage;
use crate::run::{Cx, Place, RunId};

scoped_tls_hkt::scoped_thread_local!(static RUNNING: for<'a> Running<'a>);

/// The step whose body is being polled on this thread.
#[derive(Clone, Copy)]
pub(super) struct Running<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) step: &'static str,
    pub(super) attempt: u32,
}

impl Running<'_> {
    /// Polls a body with `current()` answering for it.
    pub(super) fn scope<R>(self, poll: impl FnOnce() -> R) -> R {
        RUNNING.set(self, poll)
    }

    /// The step around the code that runs now, if any.
    pub(super) fn name() -> Option<&'static str> {
        if RUNNING.is_set() { Some(RUNNING.with(|running| running.step)) } else { None }
    }
}

/// What a step's body knows of itself: the run, its place, the attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Current {
    /// The run.
    pub run: RunId,
    /// The step's name.
    pub step: &'static str,
    /// The step's place in the run.
    pub place: Place,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

impl Current {
    /// The same for every attempt of this step in this run, and for no other step: what an outside system needs to do a thing
    /// once although it is asked twice.
    pub fn idempotency_key(&self) -> String {
        format!("{}/{}", self.run, self.place)
    }

    /// Adds tokens that the body has used with a client of its own to the record of the step.
    pub fn report(&self, usage: Usage) {
        if RUNNING.is_set() {
            RUNNING.with(|running| running.cx.run.engine.report(running.cx.run, self, usage));
        }
    }
}

/// The step whose body asks.
///
/// # Errors
///
/// Outside the body of a step that a runtime runs, and in tasks that a body has spawned.
pub fn current() -> Result<Current> {
    if !RUNNING.is_set() {
        return Err(Error::terminal("`flow::current()` answers only inside the body of a step that a runtime runs"));
    }
    Ok(RUNNING.with(|running| Current {
        run: running.cx.run.id.clone(),
        step: running.step,
        place: running.cx.place(),
        attempt: running.attempt,
    }))
}

/// The body of a step without one, awaited where no workflow runs it.
///
/// # Errors
///
/// Always.
pub async fn bodyless<T, E: From<Error>>(kind: &str, step: &str) -> Result<T, E> {
    Err(outside(kind, step).into())
}

fn outside(kind: &str, step: &str) -> Error {
    match Running::name() {
        Some(around) => Error::terminal(format!(
            "{kind} step `{step}` is awaited inside the body of step `{around}`, where nothing records or limits it; await it in the workflow"
        )),
        None => Error::terminal(format!(
            "{kind} step `{step}` is awaited outside a workflow; await it in a `#[workflow]`, or run it alone with `runtime.step({step}(…)).await`"
        )),
    }
}
