//! Why a command came to nothing, for people, for programs and as an exit status.

use std::fmt;

use flow_runtime::contract::Violation;
use flow_runtime::engine::Runtime;
use flow_runtime::error::Error;
use serde_json::{Value, json};

use super::shown::behind;

/// Why a command came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line or the input is wrong; nothing was started.
    Refused {
        /// What is wrong.
        message: String,
        /// Where in the input, what was expected and what was found.
        violations: Vec<Violation>,
    },
    /// The gates of a step reject an answer, and it still waits.
    Rejected {
        message: String,
        /// Why.
        reasons: Vec<String>,
    },
    /// The journal cannot be opened, or keeps nothing any more.
    Unkept(Error),
    /// The run has failed, or could not start with what the program has.
    Failed(Error),
    /// The same of a run that a journal keeps.
    Kept {
        error: Error,
        /// The command that goes on with it, where it can.
        way_out: Option<String>,
    },
}

impl Failure {
    /// A command line that asks for something that is not there.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), violations: Vec::new() }
    }

    /// An input that is wrong at one place.
    pub(super) fn at(message: impl Into<String>, violation: Violation) -> Self {
        Self::Refused { message: message.into(), violations: vec![violation] }
    }

    /// An answer that gates reject.
    pub(super) fn rejected(message: &str, reasons: &[String]) -> Self {
        Self::Rejected { message: message.to_owned(), reasons: reasons.to_vec() }
    }

    /// What has stopped a command: the journal, where that keeps nothing any more.
    pub(super) fn of(runtime: &Runtime, error: Error) -> Self {
        runtime.journal_failure().map_or(Self::Failed(error), Self::Unkept)
    }

    /// 1 for a run that failed, 2 for what was refused before, 4 for a journal that cannot be used any more.
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Refused { .. } | Self::Rejected { .. } => 2,
            Self::Unkept(_) => 4,
            Self::Failed(_) | Self::Kept { .. } => 1,
        }
    }

    /// `{"error": {"kind", "message", …}}`
    pub(super) fn to_json(&self) -> Value {
        let error = match self {
            Self::Refused { message, violations } => {
                json!({ "kind": "refused", "message": message, "violations": violations.iter().map(Violation::to_json).collect::<Value>() })
            }
            Self::Rejected { message, reasons } => {
                json!({ "kind": "rejected", "message": message, "reasons": reasons })
            }
            Self::Unkept(error) | Self::Failed(error) | Self::Kept { error, .. } => error.to_json(),
        };
        json!({ "error": error })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { message, violations } => {
                f.write_str(message)?;
                violations.iter().try_for_each(|violation| write!(f, "\n  {}", behind(&violation.to_string())))
            }
            Self::Rejected { message, reasons } => {
                f.write_str(message)?;
                reasons.iter().try_for_each(|reason| write!(f, "\n  - {}", behind(reason)))
            }
            Self::Unkept(error) | Self::Failed(error) | Self::Kept { error, way_out: None } => error.fmt(f),
            Self::Kept { error, way_out: Some(command) } => write!(f, "{error}\n  continue with  {command}"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
