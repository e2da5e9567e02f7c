//! Records as a row, made by the task that appends them; the writer has the database to attend to.

use std::io::{self, Write};

use blake3::Hash;

use super::codec::{Sealed, Sealer};
use super::payload::{LARGE, Payload, Splitter};
use crate::error::Result;
use crate::provider::Spent;
use crate::run::{Record, Stamp, Status};

/// What one append adds to a run.
pub(super) struct Entry {
    pub(super) run: String,
    /// The workflow and when it began, where the first record begins the run.
    pub(super) begins: Option<(String, Stamp)>,
    pub(super) body: Sealed,
    pub(super) sum: i64,
    /// Large values are stored apart.
    pub(super) split: bool,
    pub(super) payloads: Vec<Payload>,
    /// Steps that have finished.
    pub(super) steps: u32,
    pub(super) spent: Spent,
    pub(super) turns: Vec<Turn>,
}

/// What a record changes in how the run stands. [`Summary::apply`](crate::run::Summary::apply) has the same rules.
pub(super) enum Turn {
    Waits(String),
    NoLongerWaits(String),
    Ends { status: Status, at: Stamp, error: Option<Sealed> },
    Resumes,
}

impl Entry {
    /// Writes the records down; `known` are the large values that the run has mentioned before.
    pub(super) fn new(run: String, records: &[Record], sealer: &Sealer, known: &dyn Fn(&Hash) -> bool) -> Result<Self> {
        let begins = records.first().and_then(|record| match record {
            Record::RunStarted { workflow, at, .. } => Some((workflow.clone(), *at)),
            _ => None,
        });
        let (body, payloads) = match small(records)?.filter(|_| !has_promise(records)) {
            Some(body) => (body, None),
            None => split(records, sealer, known)?,
        };
        let body = sealer.seal(body);
        let mut entry = Self {
            run,
            begins,
            sum: sealer.sum(body.bytes()),
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

    /// About how many bytes it adds to the file.
    pub(super) fn size(&self) -> usize {
        let bodies = self.payloads.iter().filter_map(|payload| payload.body.as_ref());
        self.body.bytes().len() + bodies.map(|body| body.bytes().len()).sum::<usize>()
    }

    fn count(&mut self, record: &Record, sealer: &Sealer) {
        let ends = |status, at: &Stamp| Turn::Ends { status, at: *at, error: None };
        self.turns.push(match record {
            Record::Attempt(attempt) if attempt.model.is_some() => {
                self.spent = self.spent.plus(Spent::call(attempt.usage, attempt.cost));
                return;
            }
            Record::Waiting(wait) => Turn::Waits(wait.place.to_string()),
            Record::Answered { place, .. } | Record::StepFailed { place, .. } => Turn::NoLongerWaits(place.to_string()),
            Record::StepFinished { place, .. } => {
                self.steps += 1;
                Turn::NoLongerWaits(place.to_string())
            }
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

/// Whether the records hold what runs of a workflow have in common, which is stored once whatever its size.
fn has_promise(records: &[Record]) -> bool {
    matches!(records, [Record::RunStarted { promise: Some(_), .. }, ..])
}

/// The records as a JSON array; `None` where one of them is large.
fn small(records: &[Record]) -> Result<Option<Vec<u8>>> {
    let mut body = Bounded { bytes: Vec::with_capacity(512), end: 0 };
    for record in records {
        body.bytes.push(if body.bytes.is_empty() { b'[' } else { b',' });
        body.end = body.bytes.len() + LARGE;
        match serde_json::to_writer(&mut body, record) {
            Ok(()) => {}
            Err(error) if error.is_io() => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(closed(body.bytes)))
}

type Split = (Vec<u8>, Option<Vec<Payload>>);

/// The records as a JSON array, and the large values that it mentions.
fn split(records: &[Record], sealer: &Sealer, known: &dyn Fn(&Hash) -> bool) -> Result<Split> {
    let mut splitter = Splitter { sealer, known, found: Vec::new() };
    let mut body = Vec::new();
    for record in records {
        body.push(if body.is_empty() { b'[' } else { b',' });
        let mut value = serde_json::to_value(record)?;
        splitter.split_fields(&mut value);
        if let Record::RunStarted { promise: Some(_), .. } = record {
            splitter.take_text(&mut value["promise"]);
        }
        serde_json::to_writer(&mut body, &value)?;
    }
    Ok((closed(body), Some(splitter.found)))
}

fn closed(mut body: Vec<u8>) -> Vec<u8> {
    if body.is_empty() {
        body.push(b'[');
    }
    body.push(b']');
    body
}

/// Gives up where a record turns out to be large, before it is written as a whole.
struct Bounded {
    bytes: Vec<u8>,
    end: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.end {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
