//! The first and last events and records of a run, for those that watch it.

use serde_json::Value;

use super::watch::Watch;
use crate::call::Run;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::place::{Place, RunId};
use crate::provider::Spent;
use crate::run::{Record, Stamp};

/// A run between its first event and its last. If it is dropped in between, it was cancelled: observers are told, but
/// nothing is recorded, since a process that exits drops its runs too, and they continue elsewhere.
pub(super) struct Underway<'a> {
    watch: Watch<'a>,
    run: RunId,
    workflow: &'static str,
    ended: bool,
}

impl<'a> Underway<'a> {
    pub(super) fn begin(watch: Watch<'a>, run: &Run) -> Self {
        let (run, workflow) = (run.id().clone(), run.workflow);
        watch.event(|| Event::WillRun { run: run.clone(), workflow });
        Self { watch, run, workflow, ended: false }
    }

    pub(super) fn record_input(&self, offline: bool, input: impl FnOnce() -> Result<Value>) -> Result<()> {
        if self.watch.records() {
            let (run, workflow, at) = (self.run.clone(), self.workflow.to_owned(), Stamp::now());
            self.watch.record(&Record::RunStarted { run, workflow, input: input()?, promise: None, offline, at });
        }
        Ok(())
    }

    /// Returns the value if records are observed, else null.
    pub(super) fn recorded(&self, value: impl FnOnce() -> Result<Value>) -> Result<Value> {
        if self.watch.records() { value() } else { Ok(Value::Null) }
    }

    pub(super) fn end(mut self, outcome: Result<Value, &Error>, undone: Vec<Place>, spent: Spent) {
        if self.watch.records() {
            let (run, at) = (self.run.clone(), Stamp::now());
            self.watch.record(&match &outcome {
                Ok(output) => Record::RunFinished { run, output: output.clone(), spent, at },
                Err(error) if *error.kind() == ErrorKind::Cancelled => Record::RunCancelled { run, at },
                Err(error) => {
                    let (kind, text) = (error.kind().name().into(), error.in_run().to_string());
                    let failure = Box::new((*error).into());
                    Record::RunFailed { run, kind, error: text, failure, undone, spent, at }
                }
            });
        }
        self.did(outcome.err());
    }

    /// Reports that the run ended.
    pub(super) fn did(&mut self, error: Option<&Error>) {
        self.ended = true;
        self.did_run(|| error.map(|error| error.in_run().to_string()));
    }

    /// Notes that the run has left memory, so that dropping this does not report a cancellation. The run continues when
    /// its waits end.
    pub(super) fn left(&mut self) {
        self.ended = true;
    }

    fn did_run(&self, error: impl FnOnce() -> Option<String>) {
        self.watch.event(|| Event::DidRun { run: self.run.clone(), error: error() });
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.did_run(|| Some("the run was cancelled".into()));
        }
    }
}
