//! Errors as JSON.

use serde_json::{Map, Value, json};

use super::{At, Error, ErrorKind};
use crate::violation::Violation;

impl Error {
    /// Returns the error as a JSON object.
    ///
    /// It has `kind` and `message`; `workflow`, `run`, `step`, `place` and `attempt` if it happened in a run; `reasons` of gates;
    /// `violations` of a contract, each with `pointer`, `expected` and `found`; `fallback`, another such object, if the fallback
    /// failed too; `branches`, a list of such objects for a race; and `not_undone`, a list of such objects with `of`, the finished step that could not be undone.
    pub fn to_json(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("kind".into(), self.kind().name().into());
        fields.insert("message".into(), self.message().into());
        if let Some(at) = self.at() {
            locate(at, &mut fields);
        }
        match self.kind() {
            ErrorKind::Rejected { reasons, .. } => fields.insert("reasons".into(), json!(reasons)),
            ErrorKind::ContractViolated { violations, .. } => {
                fields.insert("violations".into(), violations.iter().map(Violation::to_json).collect())
            }
            _ => None,
        };
        if let Some(error) = self.fallback() {
            fields.insert("fallback".into(), error.to_json());
        }
        let branches: Vec<Value> = self.branches().map(Self::to_json).collect();
        if !branches.is_empty() {
            fields.insert("branches".into(), branches.into());
        }
        let not_undone: Vec<Value> = self.not_undone().map(|(step, error)| not_undone(step, error)).collect();
        if !not_undone.is_empty() {
            fields.insert("not_undone".into(), not_undone.into());
        }
        Value::Object(fields)
    }
}

fn not_undone(step: &str, error: &Error) -> Value {
    let mut fields = error.to_json();
    fields["of"] = step.into();
    fields
}

fn locate(at: &At, fields: &mut Map<String, Value>) {
    fields.insert("workflow".into(), at.workflow.as_str().into());
    fields.insert("run".into(), at.run.as_str().into());
    if let Some(step) = &at.step {
        fields.insert("step".into(), step.as_str().into());
    }
    fields.insert("place".into(), at.place.as_str().into());
    fields.insert("attempt".into(), at.attempt.into());
}
