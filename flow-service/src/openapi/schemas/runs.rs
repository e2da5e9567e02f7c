//! The schemas of runs in each state, of lists of them, and of answers to what they wait for.

use flow_runtime::graph::Meta;
use flow_runtime::run::Status;
use serde_json::{Value, json};

use super::super::reference;
use super::{ANSWER, CANCELLED, FAILED, NO_EXECUTOR, RUN_FAILED, RUNNING, RUNS, SIGNAL, SIGNALLED, WAITING};

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

/// What stops it is told where that is known.
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
        "description": "The finished steps that could not be undone: `of`, a step's name, with `kind`, `message` and `place` of the error.",
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
        "started": moment("When it began"),
        "ended": moment("When it ended"),
        "steps": { "type": "integer", "description": "How many steps have finished." },
        "spent": { "type": "object", "description": "What its model calls have taken: `calls`, `usage`, `known_cost_nano_usd`, `unpriced`." },
        "waits": waits(),
        "error": { "type": "string", "description": "What ended it, or why it cannot go on." },
    });
    object(fields, &["id", "workflow", "status", "started", "steps", "spent"])
}

fn offline() -> Value {
    json!({ "type": "boolean", "description": "The answers of its models are made up." })
}

fn waits() -> Value {
    json!({ "type": "array", "items": reference(WAIT), "description": "What it waits for." })
}

fn wait() -> Value {
    let fields = json!({
        "run": text(),
        "place": { "type": "string", "description": "Where, as in `map[1]/approve`; an answer names it." },
        "step": text(),
        "for": { "type": "string", "enum": ["person", "signal", "time", "outcome"] },
        "key": { "description": "What an outside system finds the step by." },
        "prompt": { "type": "object", "description": "What a person reads, as `messages`." },
        "until": moment("When the wait ends without an answer"),
        "rejected": rejected(),
        "at": moment("Since when"),
    });
    object(fields, &["run", "place", "step", "for", "at"])
}

fn rejected() -> Value {
    let reasons = json!({ "type": "array", "items": text(), "description": "Why the last one was rejected." });
    let mut answers = object(json!({ "times": { "type": "integer" }, "reasons": reasons }), &["times", "reasons"]);
    answers["description"] = "The answers so far, where all were rejected.".into();
    answers
}

fn answer() -> Value {
    let fields = json!({
        "decision": { "type": "string", "enum": ["accept", "edit", "reject"], "description": "A review." },
        "value": { "description": "With `edit` the value as it is to be; without a decision the whole answer, under the step's contract." },
        "reason": { "type": "string", "description": "Why it is rejected." },
        "happened": { "type": "boolean", "description": "Whether an irreversible effect has happened that nobody knows of." },
        "output": { "description": "What the step of an effect that has happened would have given." },
        "by": { "type": "string", "description": "Who answers." },
    });
    object(fields, &[])
}

fn signal() -> Value {
    let fields = json!({
        "key": { "description": "The step's only argument, or an object of all of them; nothing for a step without arguments." },
        "value": { "description": "What the step gives, under its contract." },
        "id": { "type": "string", "description": "The id of the event at the outside system: a repeat changes nothing." },
        "by": { "type": "string", "description": "Who sends it." },
    });
    object(fields, &["value"])
}

fn signalled() -> Value {
    let step = object(json!({ "run": text(), "place": text() }), &["run", "place"]);
    let fields = json!({
        "outcome": { "type": "string", "enum": ["given", "kept", "repeated"] },
        "given": { "type": "array", "items": step, "description": "The steps that have it." },
        "until": moment("Until when it is kept"),
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

/// Adds a required property.
fn with(object: &mut Value, name: &str, schema: Value) {
    object["properties"][name] = schema;
    if let Some(required) = object["required"].as_array_mut() {
        required.push(name.into());
    }
}
