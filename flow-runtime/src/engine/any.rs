//! Type-erased workflows.

use std::fmt;

use serde_json::Value;

use super::runtime::{Registry, Runtime};
use crate::call::{Call, Workflow, WorkflowFn, received};
use crate::contract::Violation;
use crate::error::Result;
use crate::graph::Meta;
use crate::provider::BoxFuture;

/// A run with its arguments, ready to be started by a runtime.
pub type Ready = Box<dyn FnOnce(&Runtime) -> BoxFuture<'static, Result<Value>> + Send>;

type Read = fn(Value, Option<String>) -> Result<Ready, Vec<Violation>>;

/// A type-erased workflow that runs from JSON to JSON, for code that handles workflows of different types.
#[derive(Clone, Copy)]
pub struct AnyWorkflow {
    meta: &'static Meta,
    read: Read,
    teach: fn(&Registry),
}

impl AnyWorkflow {
    /// Erases the type of a workflow function.
    pub fn of<A, T: Send + 'static, F: WorkflowFn<A, T>>(workflow: F) -> Self {
        // Only the function's type matters; a call is created once there are arguments.
        let _ = workflow;
        Self { meta: F::Call::META.get(), read: read::<F::Call, T>, teach: Registry::learn::<T, F::Call> }
    }

    /// Returns the workflow's description.
    pub fn meta(&self) -> &'static Meta {
        self.meta
    }

    /// Registers the workflow, so that runs of it can be executed by name.
    pub(super) fn teach(&self, registry: &Registry) {
        (self.teach)(registry);
    }

    /// Checks that a runtime has everything the workflow needs. A run performs the same check before its first step.
    ///
    /// # Errors
    ///
    /// Lists every missing provider and state.
    pub fn check(&self, runtime: &Runtime) -> Result<()> {
        runtime.shared().check(self.meta)
    }

    /// Compares the steps that call tools of MCP servers with what the servers publish. A run does the same before its first step.
    ///
    /// # Errors
    ///
    /// Lists every server that is missing or cannot be reached, and every step that does not fit its tool.
    pub async fn check_servers(&self, runtime: &Runtime) -> Result<()> {
        runtime.shared().check_servers(self.meta).await
    }

    /// Prepares a run with these arguments, an object by argument name. The id must be valid, see [`Call::id`]; without one the
    /// run gets a fresh id.
    ///
    /// # Errors
    ///
    /// Lists every mistake in the arguments, including unknown fields.
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
