//! How a build takes over a run that another one started.

use std::fmt;

use super::past::Guard;
use crate::error::Result;
use crate::run::{Migrate, RunState};

/// How this build takes a run over.
#[derive(Clone, Copy, Default)]
pub(super) struct TakenOver {
    /// How recorded inputs are compared with current ones.
    pub(super) guard: Guard,
    pub(super) migrates: Option<Migrates>,
}

/// How the records of other versions are adapted.
#[derive(Clone, Copy)]
pub(super) struct Migrates {
    pub(super) first: u32,
    pub(super) version: u32,
    pub(super) migrate: Migrate,
    pub(super) is_new: bool,
}

impl TakenOver {
    /// Returns this version, unless it has taken the run over before.
    pub(super) fn newly_by(self) -> Option<u32> {
        self.migrates.filter(|migrates| migrates.is_new).map(|migrates| migrates.version)
    }

    /// Adapts the recorded state to this version.
    pub(super) fn apply(self, state: &mut RunState) -> Result<()> {
        let Some(Migrates { first, version, migrate, .. }) = self.migrates else { return Ok(()) };
        state.migrate(first, version, migrate)
    }
}

impl fmt::Debug for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.migrates.map(|migrates| migrates.first);
        f.debug_struct("TakenOver").field("guard", &self.guard).field("from", &first).finish()
    }
}
