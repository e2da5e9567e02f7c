//! The responses of operations.

use serde_json::{Map, Value, json};

use super::components::{PROBLEM, RUN_FAILED, reference};
use crate::problem::{Kind, MEDIA_TYPE};

pub(super) fn content(description: &str, media: &str, schema: Value) -> Value {
    json!({ "description": description, "content": { media: { "schema": schema } } })
}

pub(super) fn json_of(description: &str, schema: Value) -> Value {
    content(description, "application/json", schema)
}

/// The events of a run as a stream.
pub(super) fn event_stream() -> Value {
    let text = "Server-sent events, each with a JSON object as data: first `run`; then `will_step`, `will_attempt`, `said`, `did_take_back`, `did_attempt`, `did_reject`, `will_fall_back`, `will_wait`, `did_replay`, `did_step` and `did_miss`; at last `end` or `problem`.";
    json!({ "schema": { "type": "string", "description": text } })
}

/// Adds the header with the path of the run.
pub(super) fn located(mut response: Value) -> Value {
    response["headers"] = json!({ "Location": {
        "description": "The path of the run.",
        "schema": { "type": "string", "format": "uri-reference" },
    }});
    response
}

/// The problem responses, one for each status.
pub(super) fn problems(kinds: &[Kind]) -> Map<String, Value> {
    let mut responses = Map::new();
    for kind in kinds {
        let row = kind.row();
        let description = match responses.get(&row.status.to_string()) {
            None => row.title.to_owned(),
            Some(other) => format!("{}; or: {}", other["description"].as_str().unwrap_or_default(), row.title),
        };
        responses.insert(row.status.to_string(), content(&description, MEDIA_TYPE, schema(*kind)));
    }
    responses
}

fn schema(kind: Kind) -> Value {
    reference(if kind == Kind::RunFailed { RUN_FAILED } else { PROBLEM })
}
