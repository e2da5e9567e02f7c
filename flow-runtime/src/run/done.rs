//! The steps that a run has done and can undo.

use std::fmt;
use std::sync::Mutex;

use serde_json::Value;

use super::{Cx, NodeId, Place};
use crate::call::{Site, UndoAt};
use crate::error::Result;
use crate::graph::Meta;

/// The finished steps of a run that have a `compensate` step, the first to finish first.
#[derive(Debug, Default)]
pub struct Undoable(Mutex<Vec<Done>>);

/// A finished step, and how it is undone.
pub(crate) struct Done {
    /// The step.
    pub(crate) step: &'static Meta,
    /// The nodes from the run to the step, with the index of each turn and item.
    path: Vec<(NodeId, Option<u32>)>,
    /// The output, or why it cannot be kept.
    output: Result<Value>,
    undo: UndoAt,
}

impl Undoable {
    /// A step is done.
    pub(crate) fn add(&self, done: Done) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(done);
    }

    /// Takes all that is done, the first to finish first.
    pub(crate) fn take(&self) -> Vec<Done> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Done {
    /// A step that has just finished.
    pub(crate) fn new(site: Site<'_>, output: Result<Value>, undo: UndoAt) -> Self {
        Self { step: site.meta, path: site.cx.path(), output, undo }
    }

    /// Its place; `cx` is the run.
    pub(crate) fn place(&self, cx: &Cx<'_>) -> Place {
        place_of(&self.path, cx)
    }

    /// Undoes it; `cx` is the run.
    pub(crate) async fn undo(self, cx: &Cx<'_>) -> Result<()> {
        undo_at(&self.path, cx, self.output?, self.undo).await
    }
}

fn place_of(path: &[(NodeId, Option<u32>)], cx: &Cx<'_>) -> Place {
    match path {
        [] => cx.place(),
        [node, rest @ ..] => place_of(rest, &inside(cx, *node)),
    }
}

fn inside<'c>(cx: &'c Cx<'c>, (node, index): (NodeId, Option<u32>)) -> Cx<'c> {
    match index {
        Some(index) => cx.turn(node, index),
        None => cx.inside(node),
    }
}

/// Walks to the place again, a list on the stack, and undoes the step there.
async fn undo_at(path: &[(NodeId, Option<u32>)], cx: &Cx<'_>, output: Value, undo: UndoAt) -> Result<()> {
    match path {
        [] => undo(output, cx).await,
        [node, rest @ ..] => Box::pin(undo_at(rest, &inside(cx, *node), output, undo)).await,
    }
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Done").field("step", &self.step.name).finish_non_exhaustive()
    }
}
