//! Information about the running step, for its body.

use crate::place::{Place, RunId};

/// The step that is running, as seen from its body: run, place, attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Current {
    /// The run.
    pub run: RunId,
    /// The step's name.
    pub step: &'static str,
    /// The step's place in the run.
    pub place: Place,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

impl Current {
    /// Returns a key that is the same for every attempt of this step in this run, and for no other step. Pass it to outside
    /// systems that must act only once.
    pub fn idempotency_key(&self) -> String {
        format!("{}/{}", self.run, self.place)
    }
}
