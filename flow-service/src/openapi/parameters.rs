//! Parameters shared by several operations.

use serde_json::{Value, json};

use crate::api::LONGEST;

pub(super) fn all() -> Value {
    let longest = LONGEST.as_secs();
    json!({
        "RunId": {
            "name": "id",
            "in": "path",
            "required": true,
            "description": "The id of a run.",
            "schema": { "type": "string" },
        },
        "Place": {
            "name": "place",
            "in": "path",
            "required": true,
            "description": "The place of the waiting step, from the run's `waits`.",
            "schema": { "type": "string" },
        },
        "Wait": {
            "name": "wait",
            "in": "query",
            "description": format!("How long to wait for the end of the run: seconds, or a duration such as `500ms`, `30s` or `5m`; at most {longest} seconds."),
            "schema": { "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)?$" },
        },
        "Prefer": {
            "name": "Prefer",
            "in": "header",
            "description": "`wait=N` waits N seconds for the end of the run (RFC 7240); the query parameter takes precedence.",
            "schema": { "type": "string" },
        },
        "Id": {
            "name": "id",
            "in": "query",
            "description": "The id for the run. If a run with this id exists, nothing is started and the response describes that run.",
            "schema": id(),
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same as `id`.",
            "schema": id(),
        },
    })
}

fn id() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9:_-]{1,128}$" })
}

pub(super) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}
