//! The schemas of all payloads: those of the contracts, and those of runs and problems.

mod runs;

use flow_runtime::contract::Definitions;
use flow_runtime::error::Result;
use flow_runtime::graph::Meta;
use serde_json::{Map, Value, json};

use super::components::{PROBLEM, ROOT, RUN_FAILED, finished, input, output, reference};
use super::{enums, naming};

pub(super) fn all(metas: &[&'static Meta]) -> Result<Map<String, Value>> {
    let mut all = Definitions::under(ROOT);
    let problems = [(PROBLEM, problem()), (RUN_FAILED, run_failed())];
    for (name, schema) in problems.into_iter().chain(runs::all()) {
        all.add(name, schema);
    }
    // Reserve these names before the contracts add their own.
    for meta in metas {
        [input(meta), output(meta)].iter().for_each(|name| all.add(name, Value::Null));
        all.add(&finished(meta), runs::finished(meta, reference(&output(meta))));
    }
    for meta in metas {
        let mut schema = meta.to_schema()?;
        enums::gather(&mut schema);
        naming::share_arguments(&mut schema["input"]);
        contract(&mut all, &input(meta), schema["input"].take());
        contract(&mut all, &output(meta), schema["output"].take());
    }
    Ok(naming::named(all.into_map()))
}

fn contract(all: &mut Definitions, name: &str, mut schema: Value) {
    all.lift(name, &format!("{ROOT}{name}"), &mut schema);
    all.add(name, schema);
}

/// Problem details (RFC 9457).
fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Problem details, as in RFC 9457.",
        "properties": {
            "type": { "type": "string", "format": "uri-reference", "description": "The kind of problem; this path of the service describes it." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What is wrong with this request, and how to fix it." },
            "errors": {
                "type": "array",
                "description": "Each mistake in the body.",
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": { "type": "string", "format": "json-pointer" },
                        "detail": { "type": "string" },
                    },
                    "required": ["pointer", "detail"],
                },
            },
            "reasons": { "type": "array", "items": { "type": "string" }, "description": "The gates' reasons for rejecting an answer." },
        },
        "required": ["type", "title", "status", "detail"],
    })
}

fn run_failed() -> Value {
    let mut problem = problem();
    problem["description"] = "A failed run: why, and where.".into();
    let Some(fields) = problem["properties"].as_object_mut() else { return problem };
    fields.shift_remove("errors");
    for (name, description) in [
        (
            "kind",
            "`terminal`, `rejected`, `contract_violated`, `timed_out`, `cancelled`, `rate_limited`, `provider`, `setup`, …",
        ),
        ("workflow", "The workflow that ran."),
        ("run", "The run's id."),
        ("step", "The step that failed; absent if the workflow failed between steps."),
        ("place", "The place in the run, such as `map[1]/write`."),
    ] {
        fields.insert(name.into(), json!({ "type": "string", "description": description }));
    }
    let more = json!({
        "attempt": { "type": "integer", "description": "The attempt that failed, from 1." },
        "reasons": { "type": "array", "items": { "type": "string" }, "description": "The gates' reasons for rejecting the output." },
        "violations": { "type": "array", "items": violation(), "description": "Where the output broke the contract." },
        "fallback": { "type": "object", "description": "The error of the step's fallback." },
    });
    fields.extend(more.as_object().cloned().unwrap_or_default());
    problem["required"] = json!(["type", "title", "status", "detail", "kind"]);
    problem
}

fn violation() -> Value {
    let fields = ["pointer", "expected", "found"];
    let properties: Map<_, _> = fields.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
    json!({ "type": "object", "properties": properties, "required": fields })
}
