//! Workflows of any type behind one.

use std::fmt;

use serde_json::Value;

use super::Runtime;
use super::durable::Keeper;
use crate::call::{Call, Workflow, WorkflowFn, received};
use crate::contract::Violation;
use crate::error::Result;
use crate::graph::Meta;
use crate::provider::BoxFuture;

/// A run that has its arguments and waits for a runtime.
pub type Ready = Box<dyn FnOnce(&Runtime) -> BoxFuture<'static, Result<Value>> + Send>;

type Read = fn(Value, Option<String>) -> Result<Ready, Vec<Violation>>;

/// A workflow that is run from JSON to JSON, for whoever has workflows of several types at once.
#[derive(Clone, Copy)]
pub struct AnyWorkflow {
    meta: &'static Meta,
    read: Read,
    teach: fn(&Keeper),
}

impl AnyWorkflow {
    /// A workflow, by its function.
    pub fn of<A, T: Send + 'static, F: WorkflowFn<A, T>>(workflow: F) -> Self {
        // The function's type says it all; a call is made when there are arguments.
        let _ = workflow;
        Self { meta: F::Call::META.get(), read: read::<F::Call, T>, teach: Keeper::learn::<T, F::Call> }
    }

    /// What is known of it.
    pub fn meta(&self) -> &'static Meta {
        self.meta
    }

    /// Tells a runtime's journal how runs of it are resumed.
    pub(super) fn teach(&self, keeper: &Keeper) {
        (self.teach)(keeper);
    }

    /// Says whether a run could start with what a runtime has; a run asks the same before its first step.
    ///
    /// # Errors
    ///
    /// Every provider and state that is missing.
    pub fn check(&self, runtime: &Runtime) -> Result<()> {
        runtime.shared().check(self.meta)
    }

    /// The run for these arguments, an object by their names. An id has to be one, see [`Call::id`]; without it the run
    /// gets a fresh one.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the arguments, fields that nothing reads included.
    pub fn ready(&self, arguments: Value, id: Option<String>) -> Result<Ready, Vec<Violation>> {
        (self.read)(arguments, id)
    }
}

fn read<W: Workflow<T>, T: Send + 'static>(arguments: Value, id: Option<String>) -> Result<Ready, Vec<Violation>> {
    let mut call: W = received(arguments, None)?;
    if let Some(id) = id {
        call = call.id(id);
    }
    Ok(Box::new(|runtime| {
        let run = runtime.run(call);
        Box::pin(async move { W::__encode(&run.await?) })
    }))
}

impl fmt::Debug for AnyWorkflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyWorkflow").field(&self.meta.name).finish()
    }
}
