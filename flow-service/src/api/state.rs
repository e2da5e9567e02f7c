//! The state of the handlers.

use std::sync::Arc;

use flow_runtime::engine::AnyWorkflow;
use flow_runtime::error::Error;
use serde_json::Value;

use crate::limits::Limits;
use crate::problem::{Kind, Problem};
use crate::runs::Runs;

#[derive(Clone)]
pub(super) struct Api(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) workflows: Vec<AnyWorkflow>,
    pub(super) runs: Arc<Runs>,
    pub(super) limits: Limits,
    pub(super) document: Value,
}

impl Api {
    pub(super) fn workflow(&self, name: &str) -> Result<AnyWorkflow, Problem> {
        let found = self.0.workflows.iter().find(|workflow| workflow.meta().name == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = self.0.workflows.iter().map(|workflow| format!("`{}`", workflow.meta().name)).collect();
            let text = format!("unknown workflow `{name}`; this service has {}", names.join(", "));
            Problem::new(Kind::NoSuchWorkflow, text)
        })
    }

    /// The problem for an error: a failed journal is reported as such.
    pub(super) fn failed(&self, error: &Error) -> Problem {
        match self.0.runs.runtime.journal_failure() {
            Some(failure) => Problem::new(Kind::JournalFailed, failure.message()),
            None => Problem::failed(error),
        }
    }
}
