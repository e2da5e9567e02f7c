//! Whether a caller waits for the result of a run.

use std::sync::{Arc, Weak};

use tokio::sync::OwnedSemaphorePermit;

/// The caller that waits for a call. It is gone once the call is dropped.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Caller(Weak<()>);

impl Caller {
    pub(in crate::engine) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }

    /// Returns the caller that holds `held`.
    pub(in crate::engine) fn of(held: &Arc<()>) -> Self {
        Self(Arc::downgrade(held))
    }
}

/// Whether a caller waits for the result of a run. Without one, a run that only waits gives up its task as well.
pub(in crate::engine) enum Interest {
    /// The caller, or the holder of the handle.
    Caller(Caller),
    /// No caller: the run was resumed, with a permit if many runs are being brought back.
    Nobody(Option<OwnedSemaphorePermit>),
}

impl Interest {
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Caller(caller) => caller.is_gone(),
            Self::Nobody(_) => true,
        }
    }

    /// The run is in memory: returns the permit.
    pub(super) fn has_begun(&mut self) {
        if let Self::Nobody(turn) = self {
            *turn = None;
        }
    }
}
