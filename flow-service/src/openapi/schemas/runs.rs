//! The schemas of runs in each state, of lists of runs, and of answers and signals.

use flow_runtime::graph::Meta;
use flow_runtime::run::{Status, WaitsFor};
use serde_json::{Value, json};

use crate::openapi::components::{
    ANSWER, CANCELLED, FAILED, NO_EXECUTOR, RUN_FAILED, RUNNING, RUNS, SIGNAL, SIGNALLED, WAITING, reference,
};

const WAIT: &str = "Wait";
const SUMMARY: &str = "RunSummary";

pub(super) fn all() -> [(&'static str, Value); 11] {
    [
        (RUNNING, run(text(), Status::Running)),
        (WAITING, waiting()),
        (NO_EXECUTOR, no_executor()),
        (FAILED, failed()),
        (CANCELLED, run(text(), Status::Cancelled)),
        (WAIT, wait()),
        (SUMMARY, summary()),
        (RUNS, object(json!({ "runs": { "type": "array", "items": reference(SUMMARY) } }), &["runs"])),
        (ANSWER, answer()),
        (SIGNAL, signal()),
        (SIGNALLED, signalled()),
    ]
}

pub(super) fn finished(meta: &Meta, output: Value) -> Value {
    let mut run = run(json!({ "const": meta.name }), Status::Finished);
    with(&mut run, "output", output);
    run
}

fn failed() -> Value {
    let mut run = run(text(), Status::Failed);
    with(&mut run, "error", reference(RUN_FAILED));
    run
}

fn no_executor() -> Value {
    stopped(run(text(), Status::NoExecutor))
}

/// Adds the error that keeps the run from continuing, if it is known.
fn stopped(mut run: Value) -> Value {
    run["properties"]["error"] = reference(RUN_FAILED);
    run
}

fn waiting() -> Value {
    let mut run = run(text(), Status::Waiting);
    with(&mut run, "waits", waits());
    stopped(run)
}

fn run(workflow: Value, status: Status) -> Value {
    let id = json!({ "type": "string", "description": "The run's id." });
    let undone =
        json!({ "type": "array", "items": text(), "description": "The places of finished steps that were undone." });
    let not_undone = json!({
        "type": "array",
        "items": { "type": "object" },
        "description": "The finished steps that could not be undone: the step's name as `of`, with `kind`, `message` and `place` of the error.",
    });
    let fields = json!({
        "id": id,
        "workflow": workflow,
        "status": { "const": status.name() },
        "offline": offline(),
        "undone": undone,
        "not_undone": not_undone,
    });
    object(fields, &["id", "workflow", "status"])
}

fn summary() -> Value {
    let names: Value = Status::ALL.iter().map(|status| status.name()).collect();
    let fields = json!({
        "id": { "type": "string", "description": "The run's id." },
        "workflow": text(),
        "status": { "type": "string", "enum": names },
        "offline": offline(),
        "started": moment("When the run started"),
        "ended": moment("When the run ended"),
        "steps": { "type": "integer", "description": "The number of finished steps." },
        "spent": { "type": "object", "description": "What its model calls used: `calls`, `usage`, `known_cost_nano_usd`, `unpriced`." },
        "waits": waits(),
        "error": { "type": "string", "description": "Why the run failed, or why it cannot continue." },
    });
    object(fields, &["id", "workflow", "status", "started", "steps", "spent"])
}

fn offline() -> Value {
    json!({ "type": "boolean", "description": "Whether its models' answers are made up." })
}

fn waits() -> Value {
    json!({ "type": "array", "items": reference(WAIT), "description": "What the run waits for." })
}

fn wait() -> Value {
    let fields = json!({
        "run": text(),
        "place": { "type": "string", "description": "The place of the step, such as `map[1]/approve`; used to answer it." },
        "step": text(),
        "for": { "type": "string", "enum": WaitsFor::ALL.map(WaitsFor::name) },
        "key": { "description": "The key by which an external system addresses the step." },
        "prompt": { "type": "object", "description": "What the person reads, as `messages`." },
        "until": moment("When the wait ends without an answer"),
        "rejected": rejected(),
        "at": moment("When the wait started"),
    });
    object(fields, &["run", "place", "step", "for", "at"])
}

fn rejected() -> Value {
    let reasons = json!({ "type": "array", "items": text(), "description": "Why the last answer was rejected." });
    let mut answers = object(json!({ "times": { "type": "integer" }, "reasons": reasons }), &["times", "reasons"]);
    answers["description"] = "The answers so far, if all were rejected.".into();
    answers
}

fn answer() -> Value {
    let fields = json!({
        "decision": { "type": "string", "enum": ["accept", "edit", "reject"], "description": "A review." },
        "value": { "description": "With `edit`, the corrected value; without a decision, the complete answer under the step's contract." },
        "reason": { "type": "string", "description": "The reason for `reject`." },
        "happened": { "type": "boolean", "description": "Whether an irreversible effect with unknown outcome has happened." },
        "output": { "description": "The output that the step would have returned, if the effect has happened." },
        "by": { "type": "string", "description": "Who answered." },
    });
    object(fields, &[])
}

fn signal() -> Value {
    let fields = json!({
        "key": { "description": "The step's only argument, or an object of all arguments; absent for a step without arguments." },
        "value": { "description": "The output of the step, under its contract." },
        "id": { "type": "string", "description": "The id of the event in the external system; a repeat changes nothing." },
        "by": { "type": "string", "description": "Who sent the signal." },
    });
    object(fields, &["value"])
}

fn signalled() -> Value {
    let step = object(json!({ "run": text(), "place": text() }), &["run", "place"]);
    let fields = json!({
        "outcome": { "type": "string", "enum": ["given", "kept", "repeated"] },
        "given": { "type": "array", "items": step, "description": "The steps that received the signal." },
        "until": moment("Until when the signal is kept"),
    });
    object(fields, &["outcome"])
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn moment(what: &str) -> Value {
    json!({ "type": "integer", "description": format!("{what}, in milliseconds since 1970.") })
}

fn object(properties: Value, required: &[&str]) -> Value {
    let mut object = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        object["required"] = required.into();
    }
    object
}

fn with(object: &mut Value, name: &str, schema: Value) {
    object["properties"][name] = schema;
    if let Some(required) = object["required"].as_array_mut() {
        required.push(name.into());
    }
}
