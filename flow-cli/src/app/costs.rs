//! What the models of a run have cost, told when it is over.

use std::sync::{Arc, Mutex, PoisonError};

use flow_runtime::bill::Bill;
use flow_runtime::event::{Event, Observer};
use flow_runtime::provider::Spent;

use super::host::Stream;

/// The bill of what is under way.
#[derive(Clone, Default)]
pub(super) struct Costs(Arc<Mutex<Bill>>);

impl Costs {
    /// Writes the bill, where any model was asked.
    pub(super) fn tell(&self, stream: &Stream) {
        let bill = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !bill.is_empty() {
            stream.notice(&bill.to_string());
        }
    }

    /// All models together, so far.
    pub(super) fn total(&self) -> Spent {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total()
    }
}

impl Observer for Costs {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).add(event);
    }
}
