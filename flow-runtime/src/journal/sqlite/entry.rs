//! Records as a row. The appending task prepares it, which keeps the writer free for the database.

use blake3::Hash;

use super::body;
use super::codec::{Sealed, Sealer};
use super::payload::Payload;
use crate::error::Result;
use crate::journal::Slot;
use crate::place::Place;
use crate::provider::Spent;
use crate::run::{Record, Stamp, Status};

/// One append to a run.
pub(super) struct Entry {
    pub(super) run: String,
    /// Set if the first record starts the run.
    pub(super) begins: Option<Begins>,
    pub(super) body: Sealed,
    pub(super) sum: i64,
    /// Whether large values are stored separately.
    pub(super) split: bool,
    pub(super) payloads: Vec<Payload>,
    /// The number of finished steps.
    pub(super) steps: u32,
    pub(super) spent: Spent,
    pub(super) turns: Vec<Turn>,
}

/// The initial values of a run's row.
pub(super) struct Begins {
    pub(super) workflow: String,
    pub(super) offline: bool,
    pub(super) at: Stamp,
}

/// How a record changes the state of a run. Follows the same rules as [`Summary::apply`](crate::run::Summary::apply).
pub(super) enum Turn {
    /// The place of a waiting step, and the slot if it waits for a signal.
    Waits(String, Option<String>),
    NoLongerWaits(String),
    /// The place of a race, and the branch that won.
    RaceEnds(Place, u32),
    WaitsForNothing,
    Ends {
        status: Status,
        at: Stamp,
        error: Option<Sealed>,
    },
    Resumes,
}

impl Entry {
    /// Serializes records; `known` tells whether the run has mentioned a large value before.
    pub(super) fn new(run: String, records: &[Record], sealer: &Sealer, known: &dyn Fn(&Hash) -> bool) -> Result<Self> {
        let begins = records.first().and_then(|record| match record {
            Record::RunStarted { workflow, offline, at, .. } => {
                Some(Begins { workflow: workflow.clone(), offline: *offline, at: *at })
            }
            _ => None,
        });
        let (body, payloads) = body::written(&run, records, sealer, known)?;
        let body = sealer.seal(body);
        let mut entry = Self {
            sum: sealer.sum(run.as_bytes(), body.bytes()),
            run,
            begins,
            body,
            split: payloads.is_some(),
            payloads: payloads.unwrap_or_default(),
            steps: 0,
            spent: Spent::default(),
            turns: Vec::new(),
        };
        records.iter().for_each(|record| entry.count(record, sealer));
        Ok(entry)
    }

    /// The approximate number of bytes it adds to the file.
    pub(super) fn size(&self) -> usize {
        let bodies = self.payloads.iter().filter_map(|payload| payload.body.as_ref());
        self.body.bytes().len() + bodies.map(|body| body.bytes().len()).sum::<usize>()
    }

    fn count(&mut self, record: &Record, sealer: &Sealer) {
        let ends = |status, at: &Stamp| Turn::Ends { status, at: *at, error: None };
        self.turns.push(match record {
            Record::Attempt(attempt) => {
                if attempt.model.is_some() {
                    self.spent = self.spent.plus(Spent::call(attempt.usage, attempt.cost));
                }
                // The first attempt ends no wait.
                if attempt.attempt == 1 {
                    return;
                }
                Turn::NoLongerWaits(attempt.place.to_string())
            }
            Record::Waiting(wait) => {
                let slot = Slot::of(wait).map(|slot| hashed(sealer, &slot));
                Turn::Waits(wait.place.to_string(), slot)
            }
            Record::Answered { place, .. } | Record::StepFailed { place, .. } | Record::StepCancelled { place, .. } => {
                Turn::NoLongerWaits(place.to_string())
            }
            Record::StepFinished { place, .. } => {
                self.steps += 1;
                Turn::NoLongerWaits(place.to_string())
            }
            Record::BranchChosen { place, branch, .. } => Turn::RaceEnds(place.clone(), *branch),
            Record::RunCancelling { .. } | Record::RunTakenOver { .. } => Turn::WaitsForNothing,
            Record::RunFinished { at, .. } => ends(Status::Finished, at),
            Record::RunCancelled { at, .. } => ends(Status::Cancelled, at),
            Record::RunFailed { error, at, .. } => {
                let error = Some(sealer.seal(error.clone().into_bytes()));
                Turn::Ends { status: Status::Failed, at: *at, error }
            }
            Record::RunResumed { .. } => Turn::Resumes,
            _ => return,
        });
    }
}

/// A slot as stored: hashed, since a key may be confidential.
pub(super) fn hashed(sealer: &Sealer, slot: &Slot) -> String {
    sealer.hash(b's', slot.as_str().as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::payload::LARGE;
    use super::*;

    #[test]
    fn what_a_workflow_promises_is_stored_apart() {
        let record = |promise: &str| {
            let begun = json!({ "record": "run_started", "run": "r", "workflow": "w", "input": {}, "promise": promise, "at": 1 });
            serde_json::from_value::<Record>(begun).unwrap()
        };
        let sealer = Sealer { codec: None, key: [7; super::super::codec::KEY] };
        for promise in ["short".to_owned(), "long ".repeat(LARGE)] {
            let entry = Entry::new("r".into(), &[record(&promise)], &sealer, &|_| false).unwrap();
            let stored = entry.payloads.iter().map(|payload| payload.body.as_ref().unwrap().bytes().to_vec());
            assert_eq!(stored.collect::<Vec<_>>(), [serde_json::to_vec(&promise).unwrap()]);
            assert!(entry.split && !String::from_utf8_lossy(entry.body.bytes()).contains(&promise));
        }
    }
}
