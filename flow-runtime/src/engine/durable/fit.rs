//! Whether this build can go on with a run, and how it takes over what an earlier version has recorded.

use std::fmt;

use super::Keeper;
use super::past::Guard;
use super::promise::{Build, Promises, refused};
use crate::contract::{self, Direction};
use crate::engine::known::Known;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Effect, Kind, Meta, Migrate};
use crate::run::{Place, Record, RunId, RunState, Stamp, Wait, WaitsFor};

/// How a run is taken over.
#[derive(Clone, Copy, Default)]
pub(super) struct TakenOver {
    /// How what it has recorded is held against what it is asked now.
    pub(super) guard: Guard,
    migrates: Option<Migrates>,
}

/// What changes the records of other versions.
#[derive(Clone, Copy)]
struct Migrates {
    first: u32,
    version: u32,
    migrate: Migrate,
    is_new: bool,
}

impl TakenOver {
    /// The version that takes the run over now, if it has not before.
    pub(super) fn newly_by(self) -> Option<u32> {
        self.migrates.filter(|migrates| migrates.is_new).map(|migrates| migrates.version)
    }

    /// Changes what the journal has of the run into what this version would have.
    pub(super) fn apply(self, state: &mut RunState) -> Result<()> {
        let Some(Migrates { first, version, migrate, .. }) = self.migrates else { return Ok(()) };
        state.migrate(first, version, migrate)
    }
}

impl Promises {
    /// Takes a run over, as far as the journal has it.
    ///
    /// # Errors
    ///
    /// What it has recorded does not fit this build: nothing of it is executed, and nothing that it waits for is answered.
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

    /// The record that this build goes on with a run from here on, where it is of a later version than those before.
    pub(super) fn newly(&self, run: &RunId, taken: TakenOver, meta: &'static Meta, at: Stamp) -> Option<Record> {
        let (version, promise) = (taken.newly_by()?, self.of(meta).to_string());
        Some(Record::RunTakenOver { run: run.clone(), version, promise, at })
    }
}

impl Keeper {
    /// The workflow of a run that has not ended, whose state becomes that of this build.
    ///
    /// # Errors
    ///
    /// A workflow that this program does not have; [`ErrorKind::Diverged`] where the run cannot go on in this build, or has come to
    /// something here that stops it.
    pub(super) fn fit(&self, run: &RunId, workflow: &str, state: &mut RunState) -> Result<(Known, TakenOver)> {
        let known = self.require_known(run, workflow)?;
        let stopped = |why: Error| Error::new(ErrorKind::Diverged, why.message());
        let executes = self.store.executes();
        // Who only visits makes nothing up.
        let mixed = state.began.as_ref().filter(|_| executes);
        let mixed = mixed.and_then(|began| self.promises.mixes(run, began, known.meta));
        let taken = mixed.map_or_else(|| self.promises.take_over(run, state, known.meta), Err);
        let taken = taken.map_err(|why| if executes { self.stuck(run, stopped(why)) } else { stopped(why) })?;
        if let Some(version) = taken.newly_by().filter(|_| !executes) {
            return Err(Error::new(
                ErrorKind::Diverged,
                format!(
                    "run `{run}` is one of an earlier version of workflow `{workflow}`: resume it in version {version}, which takes it over, and answer it then"
                ),
            ));
        }
        match self.obstacle(run) {
            Some(why) if *why.kind() != ErrorKind::Journal => Err(stopped(why)),
            _ => Ok((known, taken)),
        }
    }
}

/// Why a step that waits cannot be taken over; `None` where it can.
fn lost(state: &RunState, place: &Place, wait: &Wait, meta: &'static Meta) -> Option<String> {
    let Some(step) = meta.step_at(place) else {
        return Some(format!(
            "`{place}` waits and is no step of this version: let `migrate` rename it, or forget it so that it is asked anew"
        ));
    };
    if !waits(step, wait.waits_for) {
        return Some(format!(
            "`{place}` waits {}, and step `{}` does not in this version: let `migrate` forget it",
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
        "`{place}` waits and was given at {broken}: let `migrate` change it with `inputs(\"{id}\")`, or forget it so that it is asked anew"
    ))
}

/// Whether a step may wait for that.
fn waits(step: &Meta, what: WaitsFor) -> bool {
    match what {
        WaitsFor::Person => step.kind == Kind::Human,
        WaitsFor::Signal => step.kind == Kind::Signal,
        WaitsFor::Time => step.kind == Kind::Timer,
        WaitsFor::Retry => !matches!(step.kind, Kind::Human | Kind::Signal | Kind::Timer),
        WaitsFor::Outcome => step.policy.effect == Effect::Irreversible,
    }
}

impl fmt::Debug for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.migrates.map(|migrates| migrates.first);
        f.debug_struct("TakenOver").field("guard", &self.guard).field("from", &first).finish()
    }
}
