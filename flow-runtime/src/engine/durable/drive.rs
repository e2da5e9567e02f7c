//! Executes the runs of a journal, in memory and out of it, until they end or no caller waits for them.

use std::sync::Arc;

use super::driver::Driver;
use super::interest::Interest;
use super::keeper::Keeper;
use super::ledger::Halt;
use super::once::{Left, Once, Refused, ended_as, same_run};
use crate::call::Workflow;
use crate::ending::Ending;
use crate::engine::feed::Feed;
use crate::engine::runtime::Runtime;
use crate::error::{Error, Result};
use crate::place::RunId;
use crate::run::RunState;

impl Runtime {
    /// Runs a workflow under its id, or a fresh one: from the start, or from where its records end. A run that has
    /// already ended is not executed.
    pub(in crate::engine) async fn keep<T: Send + 'static, W: Workflow<T>>(
        &self,
        keeper: &Arc<Keeper>,
        workflow: Option<W>,
        id: Option<RunId>,
        feed: Option<Arc<Feed>>,
        mut interest: Interest,
    ) -> Result<Ending<T>> {
        self.registry.learn::<T, W>();
        let is_fresh = id.is_none();
        let id = id.unwrap_or_else(RunId::fresh);
        let _attended = keeper.attend(&id);
        loop {
            match keeper.claim(&id, feed.clone()) {
                Ok(driver) => return self.keep_claimed(keeper, workflow, &driver, is_fresh, interest).await,
                Err(other) => {
                    interest.has_begun();
                    other.gone().await;
                }
            }
            let ended = match keeper.read(&id).await? {
                state if state.end.is_some() => state,
                _ => continue,
            };
            return self.ended_before::<T, W>(&id, workflow.as_ref(), ended);
        }
    }

    /// Returns the end of a run that ended while another task was executing it.
    fn ended_before<T, W: Workflow<T>>(&self, id: &RunId, call: Option<&W>, ended: RunState) -> Result<Ending<T>> {
        let input = call.map(|call| call.__input()).transpose()?;
        same_run::<T, W>(&self.shared().promises, id, ended.began.as_ref(), input.as_ref())?;
        ended_as::<T, W>(id, ended)
    }

    async fn keep_claimed<T: Send + 'static, W: Workflow<T>>(
        &self,
        keeper: &Arc<Keeper>,
        mut workflow: Option<W>,
        driver: &Driver,
        mut is_fresh: bool,
        mut interest: Interest,
    ) -> Result<Ending<T>> {
        let id = driver.run().clone();
        let mut underway = None;
        loop {
            driver.shift().moved();
            driver.looks();
            let ledger = Arc::new(keeper.open(&id, std::mem::take(&mut is_fresh)).await?);
            if !driver.hold(&ledger) {
                driver.release();
                continue;
            }
            interest.has_begun();
            let (fits, moved) = (|| keeper.goes_on(&id), || driver.shift().moved());
            let once = Once { runtime: self, ledger: &ledger, feed: driver.feed(), fits: &fits, moved: &moved };
            let left = once.execute::<T, W>(&mut workflow, &mut underway).await;
            driver.release();
            match left {
                Err(Refused::Taken(error)) => return Err(error),
                Err(Refused::Unfit(error)) => return Err(keeper.stuck(&id, error)),
                Ok(Left::Ended(ending)) => return Ok(ending),
                Ok(Left::Stopped(Halt::Anew | Halt::Undoing)) => {}
                Ok(Left::Stopped(halt)) => {
                    let stopped = keeper.stopped(&id, halt);
                    if let Some(underway) = &mut underway {
                        underway.did(stopped.as_ref().err());
                    }
                    return stopped;
                }
                // A run between attempts has left memory, but continues on its own, so its task waits with it.
                Ok(Left::Waits(waits)) if interest.is_gone() && !waits.is_retrying() => {
                    if keeper.leave_to(driver, waits.until) {
                        if let Some(underway) = &mut underway {
                            underway.left();
                        }
                        return Ok(Ending::Waiting(waits.open));
                    }
                }
                Ok(Left::Waits(waits)) => driver.woken(&keeper.clock, waits.until).await,
            }
        }
    }
}

impl Keeper {
    /// Converts the reason for stopping a run early.
    fn stopped<T>(&self, id: &RunId, halt: Halt) -> Result<Ending<T>> {
        match halt {
            Halt::Broken(error) => {
                let error = self.stuck(id, Error::from(*error));
                self.fails(&error);
                Err(error)
            }
            Halt::Unfit(error) => Err(self.stuck(id, Error::from(*error))),
            Halt::Lost(error) => Err(Error::from(*error)),
            Halt::Cancelled => Ok(Ending::Cancelled(halt.into_error())),
            _ => Ok(Ending::Suspended),
        }
    }
}
