//! One run: what it was asked, what has been recorded, how it has ended.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::run::Record;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// What a run was started with: two starts of one id are the same where this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) workflow: &'static str,
    input: u64,
}

impl Asked {
    pub(crate) fn new(workflow: &'static str, input: &Value) -> Self {
        let mut hasher = DefaultHasher::new();
        input.hash(&mut hasher);
        Self { workflow, input: hasher.finish() }
    }
}

pub(crate) type Outcome = Arc<Result<Value>>;

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(super) asked: Asked,
    /// The record so far, as lines of JSON.
    record: Mutex<Vec<u8>>,
    outcome: watch::Sender<Option<Outcome>>,
    task: OnceLock<AbortHandle>,
}

impl Run {
    pub(super) fn new(id: &str, asked: Asked) -> Self {
        let (outcome, _) = watch::channel(None);
        Self { id: id.to_owned(), asked, record: Mutex::default(), outcome, task: OnceLock::new() }
    }

    pub(crate) fn workflow(&self) -> &'static str {
        self.asked.workflow
    }

    pub(crate) fn outcome_so_far(&self) -> Option<Outcome> {
        self.outcome.borrow().clone()
    }

    /// How the run ends, once it has.
    pub(crate) async fn outcome(&self) -> Outcome {
        let mut outcome = self.outcome.subscribe();
        loop {
            if let Some(outcome) = outcome.borrow_and_update().clone() {
                return outcome;
            }
            // The sender is held here, so there is always a change to come.
            let _ = outcome.changed().await;
        }
    }

    pub(crate) fn record(&self) -> Vec<u8> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn add(&self, record: &Record) {
        // A record is plain data, which always has a form in JSON.
        let Ok(line) = serde_json::to_vec(record) else { return };
        let mut lines = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend(line);
        lines.push(b'\n');
    }

    pub(super) fn is_task(&self, task: AbortHandle) {
        let _ = self.task.set(task);
    }

    pub(super) fn cancel(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }

    pub(super) fn end(&self, outcome: Result<Value>) {
        self.outcome.send_replace(Some(Arc::new(outcome)));
    }

    /// Where the run has not ended otherwise, it was cancelled.
    pub(super) fn end_cancelled(&self) {
        if self.outcome_so_far().is_none() {
            self.end(Err(Error::new(ErrorKind::Cancelled, "the run was cancelled")));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_asks_nothing_else() {
        let asked = |input| Asked::new("digest", &input);
        assert_eq!(asked(json!({ "a": 1, "b": [2] })), asked(json!({ "b": [2], "a": 1 })));
        assert_ne!(asked(json!({ "a": 1 })), asked(json!({ "a": 2 })));
        assert_ne!(asked(json!({})), Asked::new("length", &json!({})));
    }
}
