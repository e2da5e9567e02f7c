//! Decides whether this build can continue a run, and how it takes over the records of an earlier version.

use super::keeper::Keeper;
use super::past::Guard;
use super::promise::{Build, Promises, refused};
use super::taken_over::{Migrates, TakenOver};
use crate::contract::{self, Direction};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Effect, Kind, Meta};
use crate::place::{Place, RunId, TURN};
use crate::run::{Record, RunState, Stamp, Wait, WaitsFor};

impl Promises {
    /// Takes a run over, as far as it is recorded.
    ///
    /// # Errors
    ///
    /// Fails if the records do not fit this build. The run is then neither executed nor answered.
    pub(super) fn take_over(&self, run: &RunId, state: &mut RunState, meta: &'static Meta) -> Result<TakenOver> {
        let taken = match self.check(run, state, meta)? {
            None | Some(Build::Same) => TakenOver::default(),
            Some(Build::Other) => TakenOver { guard: Guard::Grown, migrates: None },
            Some(Build::Earlier { first, version, migrate, is_new }) => {
                TakenOver { guard: Guard::Grown, migrates: Some(Migrates { first, version, migrate, is_new }) }
            }
        };
        taken.apply(state)?;
        if taken.migrates.is_some() {
            let mut lost: Vec<String> =
                state.open().filter_map(|(place, wait)| lost(state, place, wait, meta)).collect();
            lost.sort();
            if !lost.is_empty() {
                return Err(refused(run, meta, &lost));
            }
        }
        Ok(taken)
    }

    /// Returns the record that this version takes the run over, if it does so for the first time.
    pub(super) fn newly(&self, run: &RunId, taken: TakenOver, meta: &'static Meta, at: Stamp) -> Option<Record> {
        let (version, promise) = (taken.newly_by()?, self.of(meta).to_string());
        Some(Record::RunTakenOver { run: run.clone(), version, promise, at })
    }
}

impl Keeper {
    /// Adapts the state of an unfinished run of a workflow to this build.
    ///
    /// # Errors
    ///
    /// Fails with [`ErrorKind::Diverged`] if the run cannot continue in this build or was stopped in this process.
    pub(super) fn fit(&self, run: &RunId, meta: &'static Meta, state: &mut RunState) -> Result<TakenOver> {
        let stopped = |why: Error| Error::new(ErrorKind::Diverged, why.message());
        let executes = self.store.executes();
        // Only an executing process can mix made-up answers with real ones.
        let mixed = state.began.as_ref().filter(|_| executes);
        let mixed = mixed.and_then(|began| self.promises.mixes(run, began, meta));
        let taken = mixed.map_or_else(|| self.promises.take_over(run, state, meta), Err);
        let taken = taken.map_err(|why| if executes { self.stuck(run, stopped(why)) } else { stopped(why) })?;
        if let Some(version) = taken.newly_by().filter(|_| !executes) {
            return Err(Error::new(
                ErrorKind::Diverged,
                format!(
                    "run `{run}` belongs to an earlier version of workflow `{}`: resume it in version {version}, which takes it over, then answer it",
                    meta.name
                ),
            ));
        }
        match self.obstacle(run) {
            Some(why) if *why.kind() != ErrorKind::Journal => Err(stopped(why)),
            _ => Ok(taken),
        }
    }
}

/// Returns why a waiting step cannot be taken over; `None` if it can.
fn lost(state: &RunState, place: &Place, wait: &Wait, meta: &'static Meta) -> Option<String> {
    let may_wait: fn(&Meta) -> bool = match wait.waits_for {
        WaitsFor::Person => |step| step.kind == Kind::Human,
        WaitsFor::Signal => |step| step.kind == Kind::Signal,
        WaitsFor::Time => |step| step.kind == Kind::Timer,
        WaitsFor::Outcome => |step| step.policy.effect == Effect::Irreversible,
        // Nothing was asked: between attempts, a step is an ordinary step in progress.
        WaitsFor::Retry => return None,
    };
    let Some(step) = meta.step_at(place) else {
        if is_called(meta, place) {
            return None;
        }
        return Some(format!(
            "`{place}` is waiting but is not a step of this version: rename it in `migrate`, or forget it so that it asks again"
        ));
    };
    if !may_wait(step) {
        return Some(format!(
            "`{place}` waits {}, but step `{}` of this version does not: forget it in `migrate`",
            wait.waits_for.told(),
            step.name
        ));
    }
    let (input, _) = state.at(place)?.began.as_ref()?;
    let broken = step.arguments.iter().find_map(|argument| {
        let (contract, given) = (&argument.contract, input.get(argument.name)?);
        let found = contract::violations(contract.shape, || (contract.schema)(Direction::Read), given);
        let first = found.into_iter().next()?;
        Some(format!("`{}{}`: expected {}, found {}", argument.name, first.pointer, first.expected, first.found))
    })?;
    let id = place.parts().next_back().unwrap_or_default();
    Some(format!(
        "`{place}` is waiting with an input that breaks the contract at {broken}: change it in `migrate` with `inputs(\"{id}\")`, or forget it so that it asks again"
    ))
}

/// Whether a model called the step: its conversation is told that the tool is gone.
fn is_called(meta: &'static Meta, place: &Place) -> bool {
    let turn = place.as_str().find(&format!("/{TURN}["));
    let owner = turn.and_then(|turn| meta.step_at(&Place::of(place.as_str()[..turn].to_owned())));
    owner.is_some_and(|owner| owner.policy.tools.is_some())
}
