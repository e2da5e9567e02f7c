//! Failures of commands: as text, as JSON and as an exit status.

use std::fmt;

use flow_runtime::contract::Violation;
use flow_runtime::engine::Runtime;
use flow_runtime::error::Error;
use serde_json::{Value, json};

use super::shown::behind;

#[derive(Debug)]
pub(super) enum Failure {
    /// The command line or the input is wrong; nothing was started.
    Refused { message: String, violations: Vec<Violation> },
    /// Gates rejected an answer; the step keeps waiting.
    Rejected { message: String, reasons: Vec<String> },
    /// The journal cannot be opened, or failed while in use.
    Unkept(Error),
    /// The run failed, or could not start because the program lacks something it needs.
    Failed(Error),
    /// A run recorded in a journal failed.
    Kept {
        error: Error,
        /// The command that continues the run, if it can continue.
        way_out: Option<String>,
    },
}

impl Failure {
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), violations: Vec::new() }
    }

    pub(super) fn at(message: impl Into<String>, violation: Violation) -> Self {
        Self::Refused { message: message.into(), violations: vec![violation] }
    }

    pub(super) fn rejected(message: &str, reasons: &[String]) -> Self {
        Self::Rejected { message: message.to_owned(), reasons: reasons.to_vec() }
    }

    /// Attributes an error to the journal if the journal has failed.
    pub(super) fn of(runtime: &Runtime, error: Error) -> Self {
        runtime.journal_failure().map_or(Self::Failed(error), Self::Unkept)
    }

    /// Exit status: 1 the run failed, 2 refused before anything started, 4 the journal cannot be used.
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
