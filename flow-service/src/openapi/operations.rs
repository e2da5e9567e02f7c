//! The paths of workflows and of the service.

use flow_runtime::contract::Definitions;
use flow_runtime::graph::Meta;
use serde_json::{Map, Value, json};

use super::components::reference;
use super::parameters::named;
use super::responses::{event_stream, json_of, located, problems};
use super::{components, naming};
use crate::api::EVENT_STREAM;
use crate::problem::Kind;

/// The problems that every request may cause.
const ANY: [Kind; 1] = [Kind::WrongHost];

const START: [Kind; 10] = [
    Kind::BadRequest,
    Kind::BodyTooLarge,
    Kind::UnsupportedMediaType,
    Kind::WrongHost,
    Kind::InvalidInput,
    Kind::IdTaken,
    Kind::RunFailed,
    Kind::TooManyRuns,
    Kind::Stopping,
    Kind::JournalFailed,
];

/// The path that starts runs of a workflow.
pub(super) fn start(meta: &Meta) -> (String, Value) {
    let mut responses = Map::new();
    let mut finished = json_of("The run has finished, or its events follow", reference(&components::finished(meta)));
    finished["content"][EVENT_STREAM] = event_stream();
    responses.insert("200".into(), located(finished));
    let underway = json!({ "oneOf": [reference(components::RUNNING), reference(components::WAITING)] });
    responses.insert("202".into(), located(json_of("The run is executing or waiting", underway)));
    responses.extend(problems(&START));
    let failed = responses["500"].take();
    responses["500"] = located(failed);
    let parameters = ["Id", "Wait", "IdempotencyKey", "Prefer"].map(named);
    let operation = json!({
        "operationId": format!("start_{}", Definitions::plain(meta.name)),
        "summary": format!("Start a run of {}", meta.name),
        "description": described(meta),
        "tags": [meta.name],
        "parameters": parameters,
        "requestBody": {
            "required": true,
            "description": "The arguments by name. Unknown fields are rejected at any depth.",
            "content": { "application/json": { "schema": reference(&components::input(meta)) } },
        },
        "responses": responses,
    });
    (format!("/workflows/{}/runs", naming::in_path(meta.name)), json!({ "post": operation }))
}

/// The paths about the service and its workflows.
pub(super) fn service(metas: &[&'static Meta]) -> [(String, Value); 8] {
    let object = || json!({ "type": "object" });
    let name = workflow_name(metas);
    let missing = [Kind::NoSuchWorkflow, Kind::WrongHost];
    let forms = [Kind::BadRequest, Kind::NoSuchWorkflow, Kind::NotAcceptable, Kind::WrongHost];
    let mut graph = json_of("The graph", object());
    graph["content"]["text/vnd.mermaid"] = json!({ "schema": { "type": "string" } });
    [
        get("/workflows", "list_workflows", "The workflows", "service", &[], json_of("The workflows", list()), &ANY),
        get(
            "/workflows/{name}/graph",
            "get_graph",
            "The graph of a workflow",
            "service",
            &[name.clone(), graph_format()],
            graph,
            &forms,
        ),
        get(
            "/workflows/{name}/schema",
            "get_schema",
            "The schemas of a workflow",
            "service",
            &[name],
            json_of("The schemas of input and output", schema_pair()),
            &missing,
        ),
        get(
            "/openapi.json",
            "get_openapi",
            "This document",
            "service",
            &[],
            json_of("An OpenAPI 3.1 document", object()),
            &ANY,
        ),
        get(
            "/problems/{type}",
            "get_problem",
            "The meaning of a problem type",
            "service",
            &[problem_type()],
            json_of("The meaning", meaning()),
            &[Kind::NoSuchRoute, Kind::WrongHost],
        ),
        get(
            "/healthz",
            "get_healthz",
            "Whether the process responds",
            "service",
            &[],
            json_of("The process responds", health()),
            &[Kind::WrongHost],
        ),
        ready("/readyz", "get_readyz"),
        ready("/health", "get_health"),
    ]
}

fn ready(path: &str, id: &str) -> (String, Value) {
    let kinds = [Kind::WrongHost, Kind::Stopping, Kind::JournalFailed];
    get(path, id, "Whether runs are accepted", "service", &[], json_of("Runs are accepted", health()), &kinds)
}

pub(super) fn get(
    path: &str,
    id: &str,
    summary: &str,
    tag: &str,
    parameters: &[Value],
    found: Value,
    kinds: &[Kind],
) -> (String, Value) {
    (path.to_owned(), json!({ "get": operation(id, summary, tag, parameters, found, kinds) }))
}

/// One method of a path.
pub(super) fn operation(
    id: &str,
    summary: &str,
    tag: &str,
    parameters: &[Value],
    found: Value,
    kinds: &[Kind],
) -> Value {
    let mut responses = Map::new();
    responses.insert("200".into(), found);
    responses.extend(problems(kinds));
    let mut operation = json!({ "operationId": id, "summary": summary, "tags": [tag], "responses": responses });
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    operation
}

/// The documentation of a workflow, or a placeholder.
pub(super) fn described(meta: &Meta) -> String {
    if meta.doc.is_empty() { format!("The workflow `{}`.", meta.name) } else { meta.doc.to_owned() }
}

fn workflow_name(metas: &[&'static Meta]) -> Value {
    let mut schema = json!({ "type": "string" });
    if !metas.is_empty() {
        schema["enum"] = metas.iter().map(|meta| meta.name).collect();
    }
    json!({ "name": "name", "in": "path", "required": true, "description": "The workflow's name.", "schema": schema })
}

fn problem_type() -> Value {
    let names: Value = Kind::ALL.iter().map(|kind| kind.row().name).collect();
    let schema = json!({ "type": "string", "enum": names });
    json!({ "name": "type", "in": "path", "required": true, "description": "The last path segment of a problem's `type`.", "schema": schema })
}

fn graph_format() -> Value {
    let description = "The format of the graph; takes precedence over the header Accept.";
    let schema = json!({ "type": "string", "enum": ["json", "mermaid"] });
    json!({ "name": "format", "in": "query", "description": description, "schema": schema })
}

fn list() -> Value {
    let text = || json!({ "type": "string" });
    let workflow = object(json!({
        "name": text(),
        "arguments": { "type": "array", "items": text() },
        "description": text(),
    }));
    object(json!({ "workflows": { "type": "array", "items": workflow } }))
}

/// Schemas may also be `true` or `false`, so their type is left open.
fn schema_pair() -> Value {
    object(json!({ "workflow": { "type": "string" }, "input": {}, "output": {} }))
}

fn meaning() -> Value {
    let text = || json!({ "type": "string" });
    object(json!({ "type": text(), "title": text(), "status": { "type": "integer" }, "meaning": text() }))
}

fn health() -> Value {
    object(json!({ "status": { "const": "ok" } }))
}

/// An object whose properties are all required.
fn object(properties: Value) -> Value {
    let required: Vec<_> = properties.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": required })
}
