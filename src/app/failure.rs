//! Why a command came to nothing, for people, for programs and as an exit status.

use std::fmt;

use flow_runtime::contract::Violation;
use flow_runtime::error::{Error, ErrorKind};
use serde_json::{Map, Value, json};

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
    /// The run has failed, or could not start with what the program has.
    Failed(Error),
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

    /// 1 for a run that failed, 2 for what was refused before.
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Refused { .. } => 2,
            Self::Failed(_) => 1,
        }
    }

    /// `{"error": {"kind", "message", …}}`
    pub(super) fn to_json(&self) -> Value {
        let error = match self {
            Self::Refused { message, violations } => {
                json!({ "kind": "refused", "message": message, "violations": places(violations) })
            }
            Self::Failed(error) => failed(error),
        };
        json!({ "error": error })
    }
}

fn failed(error: &Error) -> Value {
    let mut fields = Map::new();
    fields.insert("kind".into(), error.kind().name().into());
    fields.insert("message".into(), error.message().into());
    if let Some(at) = error.at() {
        fields.insert("workflow".into(), at.workflow.as_str().into());
        fields.insert("run".into(), at.run.as_str().into());
        if let Some(step) = &at.step {
            fields.insert("step".into(), step.as_str().into());
        }
        fields.insert("place".into(), at.place.as_str().into());
        fields.insert("attempt".into(), at.attempt.into());
    }
    match error.kind() {
        ErrorKind::Rejected { reasons, .. } => fields.insert("reasons".into(), json!(reasons)),
        ErrorKind::ContractViolated { violations, .. } => fields.insert("violations".into(), places(violations)),
        _ => None,
    };
    if let Some(error) = error.fallback() {
        fields.insert("fallback".into(), failed(error));
    }
    Value::Object(fields)
}

fn places(violations: &[Violation]) -> Value {
    let place = |Violation { pointer, expected, found, .. }: &Violation| json!({ "pointer": pointer, "expected": expected, "found": found });
    violations.iter().map(place).collect()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { message, violations } => {
                f.write_str(message)?;
                violations.iter().try_for_each(|violation| write!(f, "\n  {violation}"))
            }
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
