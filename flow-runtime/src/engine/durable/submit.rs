//! Begins a run without executing it.

use std::sync::Arc;

use serde_json::Value;

use super::Keeper;
use super::past::another_run;
use crate::call::Workflow;
use crate::engine::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::run::{Record, RunId};

/// What became of a run that was [submitted](Runtime::submit).
#[derive(Debug)]
#[non_exhaustive]
pub enum Submitted {
    /// It is new, and waits for somebody to execute it.
    New,
    /// The same run was there before.
    Known,
    /// The id is that of a run of another workflow, with another input, or whose answers are made up where these are not; how they
    /// differ.
    Taken(Error),
}

impl Runtime {
    /// Keeps that a run of a workflow is to begin. What follows is [`resume`](Self::resume)'s, in this process or another: from
    /// here on the run outlives both.
    ///
    /// ```
    /// use flow_runtime::run::RunId;
    /// # async fn submit(runtime: flow_runtime::engine::Runtime) -> flow_runtime::error::Result<()> {
    /// let id = RunId::named("cv-17");
    /// runtime.submit("screen", serde_json::json!({ "resume": { "text": "…" } }), &id).await?;
    /// let output = runtime.resume(&id).await?;
    /// # let _ = output; Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// An input that is not what the workflow takes, [`ErrorKind::ContractViolated`]; a workflow that is not
    /// [known](super::super::Builder::workflow), or lacks a provider or a state; the journal's.
    pub async fn submit(&self, workflow: &str, input: Value, run: &RunId) -> Result<Submitted> {
        let keeper = self.kept()?;
        let known = keeper.known(workflow).ok_or_else(|| {
            Error::new(ErrorKind::Setup, format!("this program has no workflow `{workflow}`, or has not made it known"))
        })?;
        let input = (known.input)(input)?;
        self.shared().check(known.meta)?;
        keeper.submit(known.meta, input, run, false).await
    }
}

impl Keeper {
    async fn submit(
        self: &Arc<Self>,
        meta: &'static Meta,
        input: Value,
        run: &RunId,
        is_fresh: bool,
    ) -> Result<Submitted> {
        loop {
            // Held, so that no other task of this process begins the same run meanwhile.
            let claimed = self.claim(run, None);
            match (self.state_of(run, is_fresh).await?.began, claimed) {
                (Some(began), _) => {
                    let other = another_run(run, &began, meta.name, &input);
                    let other = other.or_else(|| self.promises.mixes(run, &began, meta));
                    return Ok(other.map_or(Submitted::Known, Submitted::Taken));
                }
                (None, Ok(_driver)) => {
                    self.begin(run, meta, input).await?;
                    return Ok(Submitted::New);
                }
                (None, Err(other)) => other.gone().await,
            }
        }
    }

    /// The first record of a run is kept, whoever has begun it; its id, a fresh one where none is given.
    pub(in crate::engine) async fn begun<T: Send + 'static, W: Workflow<T>>(
        self: &Arc<Self>,
        runtime: &Runtime,
        workflow: &W,
        id: Option<RunId>,
    ) -> Result<RunId> {
        self.require_executing()?;
        runtime.shared().check(W::META.get())?;
        let is_fresh = id.is_none();
        let run = id.unwrap_or_else(RunId::fresh);
        match self.submit(W::META.get(), workflow.__input()?, &run, is_fresh).await? {
            Submitted::New | Submitted::Known => Ok(run),
            Submitted::Taken(error) => Err(error),
        }
    }

    async fn begin(&self, run: &RunId, meta: &'static Meta, input: Value) -> Result<()> {
        let (run, at, workflow) = (run.clone(), self.clock.now(), meta.name.to_owned());
        let promise = Some(self.promises.of(meta).to_string());
        let offline = self.promises.makes_up(meta);
        let record = Record::RunStarted { run: run.clone(), workflow, input, promise, offline, at };
        self.journal.append(&run, &[record]).await
    }
}
