//! The paths of runs.

use flow_runtime::graph::Meta;
use flow_runtime::run::Status;
use serde_json::{Value, json};

use super::components::{self, reference};
use super::operations::{get, operation};
use super::parameters::named;
use super::responses::{content, event_stream, json_of};
use crate::api::{EVENT_STREAM, JSON_LINES, MOST, PLAIN_TEXT, USUAL};
use crate::problem::Kind;

const TAG: &str = "runs";

pub(super) fn runs(metas: &[&'static Meta]) -> [(String, Value); 6] {
    let run = || json_of("The run", any(metas));
    let list = json_of("The runs, the most recently started first", reference(components::RUNS));
    let listed = [Kind::BadRequest, Kind::WrongHost, Kind::RunFailed, Kind::JournalFailed];
    let missing = [Kind::BadRequest, Kind::NoSuchRun, Kind::WrongHost, Kind::RunFailed, Kind::JournalFailed];
    let (_, mut one) =
        get("/runs/{id}", "get_run", "A run", TAG, &["RunId", "Wait", "Prefer"].map(named), run(), &missing);
    let parameters = [named("RunId"), undo(), named("Wait"), named("Prefer")];
    one["delete"] = operation("cancel_run", "Cancel a run permanently", TAG, &parameters, run(), &missing);
    one["delete"]["description"] =
        "Running steps are dropped, and no further step starts. A run that has ended does not change; its records are kept.".into();
    [
        get("/runs", "list_runs", "List runs", TAG, &[status(), workflow(), limit()], list, &listed),
        ("/runs/{id}".to_owned(), one),
        ("/runs/{id}/events".to_owned(), json!({ "get": events() })),
        get("/runs/{id}/records", "get_records", "The records of a run", TAG, &[named("RunId")], lines(), &RECORDS),
        ("/runs/{id}/answers/{place}".to_owned(), json!({ "post": answer(run()) })),
        ("/signals/{step}".to_owned(), json!({ "post": signal() })),
    ]
}

const RECORDS: [Kind; 5] =
    [Kind::NoSuchRun, Kind::NotAcceptable, Kind::WrongHost, Kind::RunFailed, Kind::JournalFailed];

fn events() -> Value {
    let kinds =
        [Kind::BadRequest, Kind::NoSuchRun, Kind::NotAcceptable, Kind::WrongHost, Kind::RunFailed, Kind::JournalFailed];
    let found = json!({ "description": "The events from now on", "content": { EVENT_STREAM: event_stream() } });
    let mut events = operation("get_events", "Follow a run until it ends", TAG, &[named("RunId")], found, &kinds);
    events["description"] =
        "`said` is a piece of a model's answer: `text`, and how many bytes of it came before (`at`). `did_take_back` says that the pieces of an answer do not count, because it was rejected or failed. A client that reads too slowly loses the oldest pieces, and `did_miss` says how many. The data of `run` and `end` is the run as `GET /runs/{id}` shows it, and that of `problem` says why it cannot be shown."
            .into();
    events
}

const ANSWER: [Kind; 11] = [
    Kind::BadRequest,
    Kind::NoSuchRun,
    Kind::NotWaiting,
    Kind::CannotGoOn,
    Kind::BodyTooLarge,
    Kind::UnsupportedMediaType,
    Kind::WrongHost,
    Kind::InvalidAnswer,
    Kind::RejectedAnswer,
    Kind::RunFailed,
    Kind::JournalFailed,
];

const SIGNAL: [Kind; 10] = [
    Kind::BadRequest,
    Kind::NoSuchSignal,
    Kind::CannotGoOn,
    Kind::BodyTooLarge,
    Kind::UnsupportedMediaType,
    Kind::WrongHost,
    Kind::InvalidAnswer,
    Kind::RejectedAnswer,
    Kind::RunFailed,
    Kind::JournalFailed,
];

/// A run in any state.
fn any(metas: &[&'static Meta]) -> Value {
    let finished = metas.iter().map(|meta| components::finished(meta));
    let others =
        [components::RUNNING, components::WAITING, components::NO_EXECUTOR, components::FAILED, components::CANCELLED]
            .map(str::to_owned);
    json!({ "oneOf": finished.chain(others).map(|name| reference(&name)).collect::<Value>() })
}

fn lines() -> Value {
    let mut lines = content("The records so far, one JSON object per line", JSON_LINES, json!({ "type": "string" }));
    // Not every generator knows the first media type; all know this one.
    lines["content"][PLAIN_TEXT] = lines["content"][JSON_LINES].clone();
    lines
}

fn answer(run: Value) -> Value {
    let mut answer = operation("answer", "Answer a waiting step", TAG, &[named("RunId"), named("Place")], run, &ANSWER);
    answer["description"] =
        "A person's decision, the complete answer of a form or an external system, or whether an effect has happened. The first answer counts."
            .into();
    answer["requestBody"] =
        json!({ "required": true, "content": { "application/json": { "schema": reference(components::ANSWER) } } });
    answer
}

fn signal() -> Value {
    let step = json!({
        "name": "step",
        "in": "path",
        "required": true,
        "description": "The id of a signal step; its name unless it sets another.",
        "schema": { "type": "string" },
    });
    let sent = json_of("What happened to the signal", reference(components::SIGNALLED));
    let mut signal = operation("signal", "Send a signal by its key", TAG, &[step], sent, &SIGNAL);
    signal["description"] =
        "Delivered to every step that waits for the key. If there is none, the signal is kept for the first step that waits for it later."
            .into();
    signal["requestBody"] =
        json!({ "required": true, "content": { "application/json": { "schema": reference(components::SIGNAL) } } });
    signal
}

fn undo() -> Value {
    let text = "Whether to undo the finished steps before the run ends, the last one first. The run is running or waiting until then.";
    in_query("undo", text, json!({ "type": "boolean", "default": false }))
}

fn status() -> Value {
    let names: Value = Status::ALL.iter().map(|status| status.name()).collect();
    in_query("status", "Only runs with this status.", json!({ "type": "string", "enum": names }))
}

fn workflow() -> Value {
    in_query("workflow", "Only runs of this workflow.", json!({ "type": "string" }))
}

fn limit() -> Value {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL });
    in_query("limit", "The maximum number of runs.", schema)
}

fn in_query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}
