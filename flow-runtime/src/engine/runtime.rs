//! A runtime, and the workflows that it can execute by name. The two belong together: a known workflow is a function of
//! a runtime.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, Weak};

use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::durable::{Attended, Keeper, Seat};
use super::in_process::InProcess;
use super::mutex::lock;
use super::shared::Shared;
use crate::ending::Ending;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::place::RunId;
use crate::provider::BoxFuture;

/// Runs workflows. Holds providers, states, observers and, optionally, a journal.
///
/// Cloning is cheap; clones share everything. Only a builder that is asked to reads the environment or opens files.
///
/// ```
/// use flow_runtime::engine::Runtime;
/// use flow_runtime::journal::Memory;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> flow_runtime::error::Result<()> {
/// let runtime = Runtime::builder().offline().journal(Memory::new()).build()?;
/// assert!(runtime.has_journal());
/// # Ok(()) }
/// ```
///
/// Execute a workflow with [`run`](Self::run), or in the background with [`start`](Self::start). `flow::manual::workflows` has
/// complete examples.
#[derive(Clone)]
pub struct Runtime {
    /// Executes all runs that no one observes; they can share it since they leave no state behind.
    pub(super) quiet: Arc<InProcess>,
    /// The workflows that can be executed by name.
    pub(super) registry: Arc<Registry>,
}

/// A runtime that its background tasks do not keep alive.
#[derive(Clone)]
pub(super) struct WeakRuntime {
    quiet: Weak<InProcess>,
    registry: Arc<Registry>,
}

#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) meta: &'static Meta,
    pub(super) resume: Resume,
    pub(super) attend: Attend,
    /// Converts arguments to recorded form; the second value is an earlier run's input, if this changes it.
    pub(super) input: fn(Value, Option<&Value>) -> Result<Value>,
}

/// Resumes a run of a workflow of any type.
type Resume = fn(Runtime, RunId, Option<OwnedSemaphorePermit>) -> BoxFuture<'static, Result<Ending<Value>>>;

/// Executes a run on its own log.
type Attend = fn(Runtime, Seat, Value) -> BoxFuture<'static, Attended>;

#[derive(Default)]
pub(super) struct Registry(pub(super) Mutex<HashMap<&'static str, Known>>);

impl WeakRuntime {
    pub(super) fn upgrade(&self) -> Option<Runtime> {
        self.quiet.upgrade().map(|quiet| Runtime { quiet, registry: self.registry.clone() })
    }
}

impl Runtime {
    pub(super) fn new(shared: Shared, registry: Registry) -> Self {
        Self { quiet: Arc::new(InProcess::new(Arc::new(shared), None)), registry: Arc::new(registry) }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.quiet.shared
    }

    /// Returns whether a journal keeps the runs.
    pub fn has_journal(&self) -> bool {
        self.keeper().is_some()
    }

    pub(super) fn keeper(&self) -> Option<&Arc<Keeper>> {
        self.shared().keeper.as_ref()
    }

    /// Returns the journal and its runs; fails without a journal.
    pub(super) fn kept(&self) -> Result<&Arc<Keeper>> {
        self.keeper().ok_or_else(|| {
            Error::new(
                ErrorKind::Setup,
                "the runtime has no journal, so runs are not stored; add one with `.journal(…)`",
            )
        })
    }

    pub(super) fn downgrade(&self) -> WeakRuntime {
        WeakRuntime { quiet: Arc::downgrade(&self.quiet), registry: self.registry.clone() }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("models", &self.shared().models).finish_non_exhaustive()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(lock(&self.0).keys()).finish()
    }
}
