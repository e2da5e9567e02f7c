//! Continues runs on request, even failed ones.

use serde_json::Value;

use super::keeper::Keeper;
use crate::ending::Ending;
use crate::engine::runtime::{Known, Registry, Runtime};
use crate::error::{Error, ErrorKind, Result};
use crate::place::RunId;
use crate::run::{End, Record};

/// A run that was asked to continue.
pub(super) enum Reopened {
    /// It has already ended.
    Ended(Ending<Value>),
    Open(Known),
}

impl Keeper {
    /// Continues a run, even one that has failed.
    pub(in crate::engine) async fn resume(&self, runtime: &Runtime, run: &RunId) -> Result<Ending<Value>> {
        self.require_executing()?;
        match self.reopen(&runtime.registry, run).await? {
            Reopened::Ended(ending) => Ok(ending),
            Reopened::Open(known) => (known.resume)(runtime.clone(), run.clone(), None).await,
        }
    }

    /// Makes sure that a run can continue, even one that has failed.
    pub(super) async fn reopen(&self, registry: &Registry, run: &RunId) -> Result<Reopened> {
        let mut state = self.read(run).await?;
        let refuse = |text: String| Err(Error::new(ErrorKind::Setup, text));
        let Some(began) = state.began.clone() else { return refuse(format!("the journal has no run `{run}`")) };
        let known = registry.of_run(run, &began.workflow)?;
        match state.end.take() {
            Some(End::Cancelled) => return refuse(format!("run `{run}` was cancelled; start a new one")),
            Some(End::Failed(_, undone)) if !undone.is_empty() => {
                let undone: Vec<_> = undone.iter().map(|place| format!("`{place}`")).collect();
                return refuse(format!("run `{run}` failed and has undone {}; start a new one", undone.join(", ")));
            }
            Some(End::Failed(..)) => {
                // Checked before the record is written: a build that cannot continue the run leaves it as it is.
                self.promises.take_over(run, &mut state, known.meta)?;
                let record = Record::RunResumed { run: run.clone(), at: self.clock.now() };
                self.append(run, &[record]).await?;
            }
            Some(End::Finished(output)) => return Ok(Reopened::Ended(Ending::Finished(output))),
            None => {}
        }
        Ok(Reopened::Open(known))
    }
}
