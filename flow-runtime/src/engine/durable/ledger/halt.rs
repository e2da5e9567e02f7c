//! Why a run stops before its end.

use crate::ending::SUSPENDED;
use crate::error::{Error, ErrorKind, Recorded};
use crate::journal::AppendError;

/// Why a run stops before its end.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Halt {
    /// The log's storage failed.
    Broken(Box<Recorded>),
    /// The run now belongs to another process.
    Lost(Box<Recorded>),
    /// The records do not fit this workflow, or cannot be read.
    Unfit(Box<Recorded>),
    /// The run was cancelled.
    Cancelled,
    /// The run was cancelled and its finished steps are to be undone: it is executed again from its records.
    Undoing,
    /// The run waits, and leaves memory.
    Leaving,
    /// The run is executed again from its records: a step has to run a second time, and its arguments are gone.
    Anew,
    /// The runtime is shutting down: running steps may end, but none start.
    Draining,
    /// The runtime was shut down.
    Shutdown,
}

impl Halt {
    /// Converts the failure to append records.
    pub(in crate::engine::durable) fn of(failure: &AppendError) -> Self {
        let error = Box::new(Recorded::from(failure.error()));
        match failure {
            AppendError::Lost(_) => Self::Lost(error),
            AppendError::Broken(_) => Self::Broken(error),
        }
    }

    /// The error for the run's caller.
    pub(in crate::engine::durable) fn into_error(self) -> Error {
        match self {
            Self::Broken(error) | Self::Lost(error) | Self::Unfit(error) => Error::from(*error),
            Self::Cancelled | Self::Undoing => Error::new(ErrorKind::Cancelled, "the run was cancelled"),
            Self::Anew | Self::Leaving | Self::Draining | Self::Shutdown => Error::new(ErrorKind::Cancelled, SUSPENDED),
        }
    }
}
