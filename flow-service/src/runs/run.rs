//! One run, as the journal has it.

use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::run::{End, Record, RunState, Summary};
use serde_json::Value;

/// How a run stands, and how it has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) summary: Summary,
    pub(crate) end: Option<Result<Value>>,
}

impl Run {
    /// What the records say; `None` where the run has not begun.
    pub(super) fn of(records: Vec<Record>) -> Option<Self> {
        let mut rest = records.iter();
        let mut summary = Summary::begin(rest.next()?)?;
        rest.for_each(|record| summary.apply(record));
        let end = RunState::of(records).end.map(|end| match end {
            End::Finished(output) => Ok(output),
            End::Failed(failure, _) => Err((*failure).into()),
            End::Cancelled => Err(Error::new(ErrorKind::Cancelled, "the run was cancelled")),
        });
        Some(Self { summary, end })
    }

    /// The same of a run that has not ended; what stops it is told in the place of its end.
    pub(super) fn stands(mut self, summary: Summary, obstacle: Option<Error>) -> Self {
        self.end = obstacle.map(Err);
        self.summary = summary;
        self
    }

    /// A run whose records cannot be read, which is told in the place of its end.
    pub(super) fn unread(summary: Summary, why: Error) -> Self {
        Self { summary, end: Some(Err(why)) }
    }

    pub(crate) fn id(&self) -> String {
        self.summary.run.to_string()
    }
}
