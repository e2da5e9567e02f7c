//! Cancels runs.

use super::keeper::Keeper;
use super::ledger::Halt;
use crate::engine::mutex::lock;
use crate::error::{Error, ErrorKind, Result};
use crate::place::RunId;
use crate::run::Record;

impl Keeper {
    /// Cancels a run permanently.
    pub(in crate::engine) async fn cancel(&self, run: &RunId) -> Result<()> {
        // Uses the summary, so a run with unreadable records can be cancelled too.
        match self.summary(run).await? {
            None => return Err(Error::new(ErrorKind::Setup, format!("the journal has no run `{run}`"))),
            Some(run) if run.ended.is_some() => return Ok(()),
            Some(_) => {}
        }
        let record = Record::RunCancelled { run: run.clone(), at: self.clock.now() };
        self.append(run, &[record]).await?;
        self.goes_on(run);
        lock(&self.alarms).clear(run);
        if let Some(shift) = self.shift(run) {
            if let Some(ledger) = shift.ledger() {
                ledger.halt(Halt::Cancelled);
            }
            shift.knock();
        }
        Ok(())
    }

    /// Cancels a run permanently once its executor has undone its finished steps.
    pub(in crate::engine) async fn cancel_and_undo(&self, run: &RunId) -> Result<()> {
        let state = self.read(run).await?;
        let refuse = |text: String| Err(Error::new(ErrorKind::Setup, text));
        if state.began.is_none() {
            return refuse(format!("the journal has no run `{run}`"));
        }
        match (state.cancelling(), state.end) {
            (None, None) => {}
            (Some(_), _) => return Ok(()),
            (None, Some(end)) => return refuse(format!("run `{run}` {} already, so nothing is undone", end.text())),
        }
        let record = Record::RunCancelling { run: run.clone(), at: self.clock.now() };
        self.append(run, &[record]).await?;
        self.goes_on(run);
        lock(&self.alarms).clear(run);
        if let Some(ledger) = self.shift(run).and_then(|shift| shift.ledger()) {
            ledger.halt(Halt::Undoing);
        }
        Ok(())
    }
}
