//! The undo list of a run: its finished steps that have a `compensate` step.

use std::fmt;
use std::sync::{Arc, MutexGuard, PoisonError};

use serde_json::Value;

use super::cx::{Entry, List};
use super::{Cx, Done, Site, UndoAt, UndoTries, Undoable};
use crate::error::{At, Error, Recorded, Result};
use crate::graph::{Meta, MetaPtr};
use crate::place::{NodeId, Place};

impl Undoable {
    /// Continues the numbering after the steps that the journal already has.
    pub(crate) fn start_at(&self, order: u64) {
        self.list().next = order;
    }

    /// Adds a finished step. A step replayed from its records passes the `order` recorded there.
    pub(crate) fn add(&self, site: Site<'_>, output: Result<Value>, undo: UndoAt, order: Option<u64>) {
        let path = site.cx.path();
        let mut list = self.list();
        let order = order.unwrap_or(list.next);
        list.next = list.next.max(order + 1);
        let done = Arc::new(Done { step: site.meta, order, path, output, undo });
        list.entries.push(Entry { done, tried: UndoTries::default() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list().entries.is_empty()
    }

    /// Returns the last of a workflow's steps that finished before `order`.
    pub(crate) fn last_within(&self, workflow: &Cx<'_>, order: u64) -> Option<(Arc<Done>, UndoTries)> {
        let workflow = workflow.path();
        let list = self.list();
        let within =
            list.entries.iter().filter(|Entry { done, .. }| done.order < order && done.path.starts_with(&workflow));
        within.max_by_key(|entry| entry.done.order).map(|entry| (entry.done.clone(), entry.tried.clone()))
    }

    /// Marks the step with this order as being undone at `place`.
    pub(crate) fn begin(&self, order: u64, place: Place) {
        let mut list = self.list();
        list.under_way.retain(|(other, _)| *other != place);
        list.under_way.push((place, order));
        if let Some(entry) = list.entries.iter_mut().find(|entry| entry.done.order == order) {
            entry.tried.cut_off = true;
        }
    }

    /// Returns whether a step is being undone at this place.
    pub(crate) fn is_under_way(&self, place: &Place) -> bool {
        self.list().under_way.iter().any(|(other, _)| other == place)
    }

    /// Stores the outcome of the undo step at a place. Called when the outcome is recorded, so it counts even if the
    /// caller is dropped before it learns the outcome.
    pub(crate) fn end(&self, place: &Place, outcome: Result<(), &Error>) {
        let mut list = self.list();
        let Some(at) = list.under_way.iter().position(|(other, _)| other == place) else { return };
        let (_, order) = list.under_way.swap_remove(at);
        let Some(at) = list.entries.iter().position(|entry| entry.done.order == order) else { return };
        match outcome {
            Ok(()) => {
                let undone = list.entries.remove(at).done;
                // Whatever the undo step did is not undone in turn.
                list.entries.retain(|entry| !undone.has_been_undone_by(&entry.done));
            }
            Err(error) => {
                let UndoTries { times, .. } = list.entries[at].tried;
                let failure = Some(Box::new(error.into()));
                list.entries[at].tried = UndoTries { times: times + 1, failure, cut_off: false };
            }
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Done {
    /// Returns its place, and where it is undone after this many failures. `cx` is the root of the run.
    pub(crate) fn places(&self, cx: &Cx<'_>, failures: u32) -> (Place, At) {
        let name = self.undoing().map_or("", |step| step.name);
        places(&self.path, cx, &|step| {
            let at = step.again(failures).inside(self.node()).at_step(name, 1, false);
            (step.place(), at)
        })
    }

    /// Undoes it. `cx` is the root of the run.
    pub(crate) async fn undo(&self, cx: &Cx<'_>, failures: u32) -> Result<()> {
        let output = match &self.output {
            Ok(output) => output.clone(),
            Err(error) => return Err(Recorded::from(error).into()),
        };
        undo_at(&self.path, cx, output, failures, self.undo).await
    }

    /// The step that undoes it.
    pub(crate) fn undoing(&self) -> Option<&'static Meta> {
        self.step.policy.compensate.map(MetaPtr::get)
    }

    /// Returns whether `other` ran as, or within, the step that undoes this one.
    fn has_been_undone_by(&self, other: &Self) -> bool {
        let Some(((own, _), around)) = self.path.split_last() else { return false };
        let Some(((step, _), inner)) = other.path.strip_prefix(around).and_then(<[_]>::split_first) else {
            return false;
        };
        step == own && inner.first().is_some_and(|(node, _)| *node == self.node())
    }

    fn node(&self) -> NodeId {
        let id = self.undoing().map_or("", |step| step.id);
        self.step.policy.compensate_node().unwrap_or(NodeId::first(id))
    }
}

fn places(path: &[(NodeId, Option<u32>)], cx: &Cx<'_>, of: &dyn Fn(&Cx<'_>) -> (Place, At)) -> (Place, At) {
    match path {
        [] => of(cx),
        [node, rest @ ..] => places(rest, &inside(cx, *node), of),
    }
}

fn inside<'c>(cx: &'c Cx<'c>, (node, index): (NodeId, Option<u32>)) -> Cx<'c> {
    match index {
        Some(index) => cx.nth(node, index),
        None => cx.inside(node),
    }
}

/// Rebuilds the place as a list of `Cx` on the stack, and undoes the step there.
async fn undo_at(
    path: &[(NodeId, Option<u32>)],
    cx: &Cx<'_>,
    output: Value,
    failures: u32,
    undo: UndoAt,
) -> Result<()> {
    match path {
        [] => undo(output, &cx.again(failures)).await,
        [node, rest @ ..] => Box::pin(undo_at(rest, &inside(cx, *node), output, failures, undo)).await,
    }
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Done").field("step", &self.step.name).finish_non_exhaustive()
    }
}
