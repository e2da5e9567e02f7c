//! Registers workflows with the functions that execute them, and finds them by name.

use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::durable::{Attended, Interest, Seat};
use super::mutex::lock;
use super::runtime::{Known, Registry, Runtime};
use crate::call::{Workflow, received};
use crate::ending::Ending;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::place::RunId;
use crate::provider::BoxFuture;

impl Registry {
    /// Registers a workflow.
    pub(super) fn learn<T: Send + 'static, W: Workflow<T>>(&self) {
        let meta = W::META.get();
        let known = Known { meta, resume: resume::<T, W>, attend: attend::<T, W>, input: input::<T, W> };
        lock(&self.0).insert(meta.name, known);
    }

    pub(super) fn get(&self, workflow: &str) -> Option<Known> {
        lock(&self.0).get(workflow).copied()
    }

    /// Returns the workflow with a name given by a caller.
    pub(super) fn require(&self, workflow: &str) -> Result<Known> {
        self.get(workflow).ok_or_else(|| {
            let text = format!("this program has no workflow `{workflow}`, or did not register it");
            Error::new(ErrorKind::Setup, text)
        })
    }

    /// Returns the workflow of a run; fails if this program does not have it.
    pub(super) fn of_run(&self, run: &RunId, workflow: &str) -> Result<Known> {
        self.get(workflow).ok_or_else(|| {
            let text = format!("run `{run}` belongs to workflow `{workflow}`, which this program does not have");
            Error::new(ErrorKind::Setup, text)
        })
    }

    pub(super) fn metas(&self) -> Vec<&'static Meta> {
        lock(&self.0).values().map(|known| known.meta).collect()
    }
}

fn resume<T: Send + 'static, W: Workflow<T>>(
    runtime: Runtime,
    run: RunId,
    turn: Option<OwnedSemaphorePermit>,
) -> BoxFuture<'static, Result<Ending<Value>>> {
    Box::pin(async move {
        let Some(keeper) = runtime.keeper() else { return Err(Error::terminal("the runtime has no journal")) };
        let ending = runtime.keep::<T, W>(keeper, None, Some(run), None, Interest::Nobody(turn)).await?;
        ending.try_map(|output| W::__encode(&output))
    })
}

fn attend<T: Send + 'static, W: Workflow<T>>(
    runtime: Runtime,
    seat: Seat,
    input: Value,
) -> BoxFuture<'static, Attended> {
    Box::pin(async move { runtime.attended::<T, W>(seat, input).await })
}

fn input<T: Send + 'static, W: Workflow<T>>(arguments: Value, earlier: Option<&Value>) -> Result<Value> {
    call::<T, W>(arguments, earlier)?.__recorded().map(|(_, input)| input)
}

/// Creates a call from arguments, which may be changes to an earlier run's input.
pub(super) fn call<T, W: Workflow<T>>(arguments: Value, earlier: Option<&Value>) -> Result<W> {
    let answer = arguments.to_string();
    received(arguments, earlier).map_err(|violations| {
        let text = format!("invalid input for workflow `{}`", W::META.get().name);
        Error::new(ErrorKind::ContractViolated { violations, answer }, text)
    })
}
