//! A run as stored in the journal.

use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::run::{End, Place, Record, RunState, Summary};
use serde_json::Value;

/// The state of a run, and its result if it has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) summary: Summary,
    pub(crate) end: Option<Result<Value>>,
    /// The places of finished steps that were undone.
    pub(crate) undone: Vec<Place>,
    /// The finished steps that could not be undone: the errors, with the step's name as `of`.
    pub(crate) not_undone: Vec<Value>,
}

impl Run {
    /// Builds the run from its records; `None` if it has not started.
    pub(super) fn of(records: Vec<Record>) -> Option<Self> {
        let mut rest = records.iter();
        let mut summary = Summary::begin(rest.next()?)?;
        rest.for_each(|record| summary.apply(record));
        let mut state = RunState::of(records);
        let undone = state.undone().into_iter().cloned().collect();
        let not_undone = state.not_undone().into_iter().map(|(_, step, failure)| {
            let mut error = Error::from(failure.clone()).to_json();
            error["of"] = step.into();
            error
        });
        let not_undone = not_undone.collect();
        let end = state.end.take().map(|end| match end {
            End::Finished(output) => Ok(output),
            End::Failed(failure, _) => Err((*failure).into()),
            End::Cancelled => Err(Error::new(ErrorKind::Cancelled, "the run was cancelled")),
        });
        Some(Self { summary, end, undone, not_undone })
    }

    /// Sets the state of a run that has not ended; an obstacle takes the place of its result.
    pub(super) fn stands(mut self, summary: Summary, obstacle: Option<Error>) -> Self {
        self.end = obstacle.map(Err);
        self.summary = summary;
        self
    }

    /// A run with unreadable records, which is reported as its result.
    pub(super) fn unread(summary: Summary, why: Error) -> Self {
        Self { summary, end: Some(Err(why)), undone: Vec::new(), not_undone: Vec::new() }
    }
}
