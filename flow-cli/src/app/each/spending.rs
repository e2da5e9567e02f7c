//! Tokens and cost of each running run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use flow_runtime::event::{Event, Observer};
use flow_runtime::provider::Spent;
use flow_runtime::run::RunId;

/// Totals per run; reading a total removes it.
#[derive(Clone, Default)]
pub(super) struct Spending(Arc<Mutex<HashMap<RunId, Spent>>>);

impl Spending {
    /// Removes and returns the total of an ended run.
    pub(super) fn take(&self, run: &RunId) -> Spent {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(run).unwrap_or_default()
    }
}

impl Observer for Spending {
    fn event(&self, event: &Event) {
        if let Event::DidAttempt { run, model: Some(_), usage, cost, .. } = event {
            let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let spent = runs.entry(run.clone()).or_default();
            *spent = spent.plus(Spent::call(*usage, *cost));
        }
    }
}
