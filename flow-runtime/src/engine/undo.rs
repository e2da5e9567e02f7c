//! Undoing finished steps after a workflow fails, or on `flow::undo`.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use serde_json::Value;

use super::fill::fill;
use super::here::Here;
use super::in_process::InProcess;
use super::mutex::lock;
use super::unknown::unknown_outcome;
use crate::call::{Cx, Done, UndoTries};
use crate::call::{Ops, Site, panicked};
use crate::error::{Error, Recorded, Result};
use crate::event::Event;
use crate::graph::Effect;
use crate::place::Place;
use crate::run::Record;

/// Undoes the finished steps within a failed workflow, in reverse order of completion. A step that cannot be undone
/// does not keep the others from being undone. It stays on the list of the calling workflow, which tries again if it
/// fails too, and the error names it.
pub(super) async fn after(engine: &InProcess, cx: &Cx<'_>, error: Error) -> Error {
    let place = cx.place();
    // Undoing has no time limit.
    engine.host.forget_deadline(|| place.clone());
    let not_undone = within(engine, cx, &place).await;
    error.with_not_undone(cx.run.id(), not_undone)
}

/// `flow::undo()`: undoes what its workflow has finished so far.
pub(super) async fn called(here: &mut Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let (workflow, cause) = (here.site.cx.workflow(), here.place());
    let not_undone = {
        let _rests = here.rest();
        within(here.engine, &workflow, &cause).await
    };
    if not_undone.is_empty() {
        return fill(ops, Value::Null);
    }
    let text = match not_undone.len() {
        1 => "a finished step could not be undone".to_owned(),
        count => format!("{count} finished steps could not be undone"),
    };
    Err(Error::terminal(text).with_not_undone(workflow.run.id(), not_undone))
}

/// Replays a recorded `flow::undo()`: the undone steps leave the undo list, and their undo steps are replayed too.
pub(super) async fn again(engine: &InProcess, site: &Site<'_>) {
    within(engine, &site.cx.workflow(), &site.cx.place()).await;
}

/// Undoes the finished steps within a workflow because of the failure or `flow::undo` at `cause`. Returns the steps
/// that could not be undone.
async fn within(engine: &InProcess, workflow: &Cx<'_>, cause: &Place) -> Vec<(&'static str, Error)> {
    let run = workflow.run;
    let (mut not_undone, mut before) = (Vec::new(), u64::MAX);
    while let Some((done, tried)) = run.done.last_within(workflow, before) {
        before = done.order;
        let cx = Cx::root(run);
        let (place, at) = done.places(&cx, tried.times);
        let by = at.place.clone();
        match one(engine, &cx, &done, &tried, (&place, &by)).await {
            Ok(()) => engine.did_undo(workflow, place, by, cause),
            Err(error) => {
                let error = error.or_at(|| at);
                engine.did_not_undo(&cx, &done, (place, by), cause, &error);
                not_undone.push((done.step.name, error));
            }
        }
    }
    not_undone
}

/// Undoes one step. An irreversible undo step that was started before is not started again.
async fn one(
    engine: &InProcess,
    cx: &Cx<'_>,
    done: &Done,
    tried: &UndoTries,
    (place, by): (&Place, &Place),
) -> Result<()> {
    if let Some(error) = begun_before(engine, done, tried) {
        return Err(error);
    }
    let step = done.undoing().map_or("", |step| step.name);
    engine.watch().event(|| Event::WillCompensate { run: cx.run.id().clone(), place: place.clone(), step });
    cx.run.done.begin(done.order, by.clone());
    let undoing = AssertUnwindSafe(done.undo(cx, tried.times)).catch_unwind().await;
    let undone = undoing.unwrap_or_else(|panic| Err(panicked(panic)));
    cx.run.done.end(by, undone.as_ref().copied());
    undone
}

/// Returns the error for an irreversible undo step that was started before. In a durable run, an interrupted one asks a
/// person instead.
fn begun_before(engine: &InProcess, done: &Done, tried: &UndoTries) -> Option<Error> {
    let step = done.undoing().filter(|step| step.policy.effect == Effect::Irreversible)?;
    if tried.cut_off && !engine.host.is_durable() {
        return Some(unknown_outcome(engine, &format!("step `{}` was interrupted", step.name)));
    }
    tried.failure.as_deref().cloned().map(Error::from)
}

impl InProcess {
    fn did_undo(&self, workflow: &Cx<'_>, place: Place, by: Place, cause: &Place) {
        if !self.host.records() {
            return;
        }
        if workflow.place() == *cause {
            lock(&self.undone).push((place.clone(), cause.clone()));
        }
        if !self.has_recorded(&by) {
            let (run, within, at) = (workflow.run.id().clone(), cause.clone(), self.now());
            self.record(Record::StepUndone { run, place, by, within, at });
        }
    }

    fn did_not_undo(&self, cx: &Cx<'_>, done: &Done, (place, by): (Place, Place), cause: &Place, error: &Error) {
        self.watch().event(|| Event::DidNotCompensate {
            run: cx.run.id().clone(),
            place: place.clone(),
            step: done.undoing().map_or("", |step| step.name),
            error: error.in_run().to_string(),
        });
        if !self.host.records() || self.has_recorded(&by) {
            return;
        }
        self.record(Record::StepNotUndone {
            run: cx.run.id().clone(),
            place,
            step: done.step.name.into(),
            by,
            within: cause.clone(),
            kind: error.kind().name().into(),
            error: error.in_run().to_string(),
            failure: Box::new(Recorded::from(error)),
            at: self.now(),
        });
    }

    /// Returns whether the outcome of this undo step was recorded before the run was resumed.
    fn has_recorded(&self, by: &Place) -> bool {
        self.host.look(|state| state.was_undoing(by)).unwrap_or_default()
    }

    /// Returns the steps that were undone because of the failure that ends the run.
    pub(super) fn undone_after(&self, error: &Error) -> Vec<Place> {
        let at = error.at().map_or_else(Place::root, |at| at.place.clone());
        let undone = lock(&self.undone);
        undone.iter().filter(|(_, cause)| at.is_within(cause)).map(|(place, _)| place.clone()).collect()
    }
}
