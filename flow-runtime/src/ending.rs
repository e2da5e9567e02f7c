//! How an execution of a run ended.

use crate::error::{Error, ErrorKind, Result};
use crate::run::Wait;

/// The message for a run whose execution was stopped by a shutdown.
pub(crate) const SUSPENDED: &str = "the runtime was shut down; resume the run to continue where it stopped";

/// How an execution of a run ended. Waiting is not a failure: the run continues when it is answered.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "the run may have failed"]
pub enum Ending<T> {
    /// The workflow returned its output.
    Finished(T),
    /// The workflow returned an error.
    Failed(Error),
    /// Everything in the run waits for a person, an outside system or a point in time, and the run has left memory.
    Waiting(Vec<Wait>),
    /// The run was cancelled; the error lists the steps that could not be undone, if they were to be.
    Cancelled(Error),
    /// The runtime was shut down. The run continues when it is resumed.
    Suspended,
}

impl<T> Ending<T> {
    /// Returns the output of a finished run.
    ///
    /// ```
    /// use flow_runtime::ending::Ending;
    ///
    /// assert_eq!(Ending::Finished(3).result().unwrap(), 3);
    /// assert!(Ending::<u32>::Suspended.result().unwrap_err().to_string().contains("shut down"));
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the error of a failed run, and an error of kind [`ErrorKind::Cancelled`] for every other ending.
    pub fn result(self) -> Result<T> {
        let text = match self {
            Self::Finished(output) => return Ok(output),
            Self::Failed(error) | Self::Cancelled(error) => return Err(error),
            Self::Waiting(_) => {
                "the run is waiting and has left memory; it continues when it is answered or its time comes"
            }
            Self::Suspended => SUSPENDED,
        };
        Err(Error::new(ErrorKind::Cancelled, text))
    }

    /// Changes the output of a finished run.
    ///
    /// # Errors
    ///
    /// Returns the error of `change`.
    pub fn try_map<U>(self, change: impl FnOnce(T) -> Result<U>) -> Result<Ending<U>> {
        Ok(match self {
            Self::Finished(output) => Ending::Finished(change(output)?),
            Self::Failed(error) => Ending::Failed(error),
            Self::Waiting(waits) => Ending::Waiting(waits),
            Self::Cancelled(error) => Ending::Cancelled(error),
            Self::Suspended => Ending::Suspended,
        })
    }
}

impl<T> From<Result<T>> for Ending<T> {
    fn from(outcome: Result<T>) -> Self {
        match outcome {
            Ok(output) => Self::Finished(output),
            Err(error) if *error.kind() == ErrorKind::Cancelled => Self::Cancelled(error),
            Err(error) => Self::Failed(error),
        }
    }
}
