//! The names of the schemas among the components of the document, and references to them.

use flow_runtime::graph::Meta;
use serde_json::{Value, json};

/// Where references find the schemas.
pub(super) const ROOT: &str = "#/components/schemas/";

pub(super) const PROBLEM: &str = "Problem";
pub(super) const RUN_FAILED: &str = "RunFailed";
pub(super) const RUNNING: &str = "Running";
pub(super) const WAITING: &str = "Waiting";
pub(super) const FAILED: &str = "Failed";
pub(super) const NO_EXECUTOR: &str = "NoExecutor";
pub(super) const CANCELLED: &str = "Cancelled";
pub(super) const RUNS: &str = "Runs";
pub(super) const ANSWER: &str = "Answer";
pub(super) const SIGNAL: &str = "Signal";
pub(super) const SIGNALLED: &str = "Signalled";

pub(super) fn input(meta: &Meta) -> String {
    format!("{}_input", meta.name)
}

pub(super) fn output(meta: &Meta) -> String {
    format!("{}_output", meta.name)
}

pub(super) fn finished(meta: &Meta) -> String {
    format!("{}_finished", meta.name)
}

/// A reference to a schema by its name.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{ROOT}{name}") })
}
