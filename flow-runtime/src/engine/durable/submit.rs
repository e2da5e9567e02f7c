//! Records the start of a run without executing it.

use std::sync::Arc;

use serde_json::Value;

use super::attendance::Attendance;
use super::keeper::Keeper;
use super::past::another_run;
use crate::engine::carried::Carried;
use crate::engine::runtime::Runtime;
use crate::error::{Error, Result};
use crate::graph::Meta;
use crate::place::RunId;

/// What happened to a [submitted](Runtime::submit) run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Submitted {
    /// The run is new, and waits for an executor.
    New,
    /// The same run already existed.
    Known,
    /// The id belongs to a run of another workflow or with another input, or only one of the two runs has made-up answers; says
    /// how they differ.
    Taken(Error),
}

impl Runtime {
    /// Records a run durably without executing it. [`resume`](Self::resume) executes it, in this process or another.
    ///
    /// If this future is dropped halfway, the runtime continues the run by itself.
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
    /// Fails with [`ErrorKind::ContractViolated`](crate::error::ErrorKind::ContractViolated) if the workflow does not accept the input. Also fails if the workflow is not
    /// [registered](super::super::Builder::workflow) or lacks a provider or state, or if the journal fails.
    pub async fn submit(&self, workflow: &str, input: Value, run: &RunId) -> Result<Submitted> {
        let keeper = self.kept()?;
        let known = self.registry.require(workflow)?;
        let input = (known.input)(input, None)?;
        self.check_run(known.meta, Some(run)).await?;
        let (runtime, run) = (self.clone(), run.clone());
        let submitted = Carried::new(keeper, |caller| async move {
            let keeper = runtime.kept()?;
            let submitted = keeper.submit(known.meta, input, &run, false).await?;
            if caller.is_gone() && !matches!(submitted, Submitted::Taken(_)) {
                runtime.take_up(&run).await?;
            }
            Ok(submitted)
        });
        submitted.await
    }

    /// Continues a run whose caller went away.
    pub(super) async fn take_up(&self, run: &RunId) -> Result<()> {
        let keeper = self.kept()?;
        keeper.mind(self);
        keeper.wake(self, run).await
    }

    /// Records the start of a run, unless the same run already exists. Returns the run's id, a fresh one if none was
    /// given.
    pub(in crate::engine) async fn begun(
        &self,
        meta: &'static Meta,
        input: Value,
        id: Option<RunId>,
    ) -> Result<(RunId, Attendance)> {
        let keeper = self.kept()?;
        keeper.require_executing()?;
        self.check_run(meta, id.as_ref()).await?;
        let is_fresh = id.is_none();
        let run = id.unwrap_or_else(RunId::fresh);
        let attended = keeper.attend(&run);
        match keeper.submit(meta, input, &run, is_fresh).await? {
            Submitted::New | Submitted::Known => Ok((run, attended)),
            Submitted::Taken(error) => Err(error),
        }
    }
}

impl Runtime {
    /// Checks a workflow, and whether its steps fit what their servers publish. A run that exists may end without a server that is
    /// down, so it is not refused.
    pub(in crate::engine) async fn check_run(&self, meta: &'static Meta, run: Option<&RunId>) -> Result<()> {
        let Err(error) = self.shared().check_with_servers(meta).await else { return Ok(()) };
        self.shared().check(meta)?;
        match run {
            Some(run) if self.kept()?.read(run).await?.began.is_some() => Ok(()),
            _ => Err(error),
        }
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
            // Held, so that no other task of this process starts the same run in the meantime.
            let claimed = self.claim(run, None);
            let mut state = self.state_of(run, is_fresh).await?;
            if state.end.is_none() {
                // Whether it can continue here is irrelevant: the run exists.
                let _ = self.promises.take_over(run, &mut state, meta);
            }
            match (state.began, claimed) {
                (Some(began), _) => {
                    let other = another_run(run, &began, meta, &input);
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

    async fn begin(&self, run: &RunId, meta: &'static Meta, input: Value) -> Result<()> {
        self.append(run, &[self.promises.begins(run, meta, input, self.clock.now())]).await
    }
}
