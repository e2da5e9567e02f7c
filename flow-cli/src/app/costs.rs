//! The bill of model calls.

use std::sync::{Arc, Mutex, PoisonError};

use flow_runtime::bill::Bill;
use flow_runtime::event::{Event, Observer};
use flow_runtime::provider::Spent;

use super::host::Stream;

/// Bill shared by the observer and the reporter.
#[derive(Clone, Default)]
pub(super) struct Costs(Arc<Mutex<Bill>>);

impl Costs {
    /// Prints the bill if any model was called.
    pub(super) fn tell(&self, stream: &Stream) {
        let bill = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !bill.is_empty() {
            stream.notice(&bill.to_string());
        }
    }

    /// Total over all models so far.
    pub(super) fn total(&self) -> Spent {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total()
    }
}

impl Observer for Costs {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).add(event);
    }
}
