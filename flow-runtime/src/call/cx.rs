//! Where generated code is: the run, and the place in it.

use std::any::TypeId;
use std::sync::{Arc, OnceLock};

use super::{Engine, Undoable};
use crate::error::{At, Error, ErrorKind, Result};
use crate::place::{NodeId, Place, RunId};

/// One execution of one workflow, as generated code sees it.
#[derive(Debug)]
pub struct Run {
    /// The id chosen by the caller; a fresh id is created on demand.
    id: OnceLock<RunId>,
    /// The workflow's name.
    pub workflow: &'static str,
    /// No one observes, records or scripts this run, so plain steps bypass the engine.
    pub quiet: bool,
    /// Executes everything that is not a plain step.
    pub engine: Arc<dyn Engine>,
    /// The finished steps that can be undone.
    pub done: Undoable,
}

impl Run {
    /// Creates a run that is about to start.
    pub fn new(id: Option<RunId>, workflow: &'static str, quiet: bool, engine: Arc<dyn Engine>) -> Self {
        Self { id: id.map_or_else(OnceLock::new, OnceLock::from), workflow, quiet, engine, done: Undoable::default() }
    }

    /// Returns the run's id.
    pub fn id(&self) -> &RunId {
        self.id.get_or_init(RunId::fresh)
    }
}

/// The current place in generated code: a linked list on the stack, formatted only on demand.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// The run.
    pub run: &'a Run,
    up: Option<&'a Cx<'a>>,
    node: NodeId,
    index: Option<u32>,
}

impl<'a> Cx<'a> {
    /// Returns the place of the root workflow of a run.
    pub fn root(run: &'a Run) -> Self {
        Self { run, up: None, node: NodeId::first(""), index: None }
    }

    /// Returns the place of a node inside this one.
    pub fn inside(&'a self, node: NodeId) -> Self {
        Self { run: self.run, up: Some(self), node, index: None }
    }

    /// Returns the place of one turn of a loop, or of one item of a map.
    pub fn turn(&'a self, node: NodeId, index: u32) -> Self {
        Self { run: self.run, up: Some(self), node, index: Some(index) }
    }

    /// Returns the same node for its `times`-th repetition; the first execution has no index.
    pub(crate) fn again(&self, times: u32) -> Self {
        Self { index: (times > 0).then_some(times), ..*self }
    }

    /// Returns the enclosing workflow, skipping turns of loops and items of maps.
    pub(crate) fn workflow(&self) -> Cx<'a> {
        let mut at = *self;
        while let Some(up) = at.up {
            at = *up;
            if at.index.is_none() {
                break;
            }
        }
        at
    }

    /// Returns the nodes from the root to here, from which this place can be rebuilt.
    pub(super) fn path(&self) -> Vec<(NodeId, Option<u32>)> {
        let (mut path, mut at) = (Vec::new(), self);
        while let Some(up) = at.up {
            path.push((at.node, at.index));
            at = up;
        }
        path.reverse();
        path
    }

    /// Formats the path.
    pub fn place(&self) -> Place {
        let mut text = String::new();
        self.write(&mut text);
        Place::of(text)
    }

    fn write(&self, text: &mut String) {
        let Some(up) = self.up else { return };
        up.write(text);
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(&self.node.to_string());
        if let Some(index) = self.index {
            text.push_str(&format!("[{index}]"));
        }
    }

    /// The place of an error in this workflow, between its steps.
    #[cold]
    pub(crate) fn at(&self) -> At {
        At::new(self.run.workflow, self.run.id(), self.place())
    }

    /// The place of an error in a step.
    #[cold]
    pub(crate) fn at_step(&self, step: &str, attempt: u32, repeatable: bool) -> At {
        self.at().of_step(step, attempt, repeatable)
    }

    /// Returns the state for a workflow's `#[state]` argument.
    ///
    /// # Errors
    ///
    /// Fails if the runtime has no such state. That is checked before the workflow starts, so this would be an engine
    /// bug.
    pub fn state<T: Held>(&self, name: &str) -> Result<Arc<T>> {
        let state = self.run.engine.state(TypeId::of::<T>()).and_then(|state| state.downcast().ok());
        state.ok_or_else(|| Error::new(ErrorKind::Setup, format!("the runtime has no state for `{name}`")))
    }
}

/// Types that a runtime can share with its workflows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `#[state]`: a runtime shares it between workflows on several threads",
    label = "not `Send + Sync + 'static`",
    note = "keep mutable data in a `Mutex`, and use `Arc` instead of `Rc`",
    note = "see flow::errors::signature"
)]
pub trait Held: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Held for T {}
