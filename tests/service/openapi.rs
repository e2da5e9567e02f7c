//! The OpenAPI document: valid, complete, and consistent with the actual answers.
//!
//! `openapi-3.1.schema.json` is <https://spec.openapis.org/oas/3.1/schema/2022-10-07>, published by the OpenAPI Initiative under
//! Apache-2.0.

use flow::prelude::*;
use flow::serde_json::{Value, from_str, json};
use flow::service::Service;
use jsonschema::Validator;

use crate::client::send;
use crate::support::{Desk, JSON, Served, digest, length, note};

const SCHEMA: &str = include_str!("openapi-3.1.schema.json");

mod other {
    use flow::prelude::*;

    /// Another type of that name.
    #[contract]
    #[derive(Debug, Clone)]
    pub(super) struct Note {
        pub(super) pages: Vec<u32>,
        /// Notes within the note.
        pub(super) notes: Vec<Note>,
    }
}

/// A type with a name that the document uses itself.
#[contract]
#[derive(Debug, Clone)]
struct Problem {
    note: other::Note,
}

#[step]
async fn look(note: &other::Note) -> Result<Problem> {
    Ok(Problem { note: note.clone() })
}

/// Looks at a note of another type.
#[workflow]
async fn inspect(note: other::Note) -> Result<Problem> {
    look(&note).await
}

fn document() -> Value {
    let service = Service::new(Runtime::builder()).workflow(digest).workflow(length).workflow(inspect);
    service.openapi().unwrap()
}

/// A validator for a schema of the document that resolves references to other components.
fn validator(document: &Value, schema: &Value) -> Validator {
    let mut whole = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema] });
    whole["components"] = document["components"].clone();
    jsonschema::validator_for(&whole).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    all.collect()
}

fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
            Value::String(target) if name == "$ref" => found.push(target),
            _ => references(value, found),
        }),
        _ => {}
    }
}

#[test]
fn the_document_is_openapi() {
    let official = jsonschema::validator_for(&from_str(SCHEMA).unwrap()).unwrap();
    let errors: Vec<_> = official.iter_errors(&document()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut broken = document();
    broken["paths"]["/health"]["get"]["responses"] = json!(3);
    assert!(!official.is_valid(&broken), "the official schema rejects nothing");
}

#[test]
fn every_schema_is_json_schema_and_every_reference_leads_somewhere() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}: {schema}");
    }
    let mut targets = Vec::new();
    references(&document, &mut targets);
    for target in &targets {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some_and(|found| !found.is_null()), "{target}");
    }
    assert!(targets.len() > 20, "{targets:?}");
}

#[test]
fn every_route_of_every_workflow_has_an_operation_of_its_own() {
    let document = document();
    let operations = operations(&document);
    let paths: Vec<_> = operations.iter().map(|(path, _)| path.as_str()).collect();
    let expected = [
        "post /workflows/digest/runs",
        "post /workflows/length/runs",
        "post /workflows/inspect/runs",
        "get /runs",
        "get /runs/{id}",
        "delete /runs/{id}",
        "get /runs/{id}/events",
        "get /runs/{id}/records",
        "post /runs/{id}/answers/{place}",
        "post /signals/{step}",
        "get /workflows",
        "get /workflows/{name}/graph",
        "get /workflows/{name}/schema",
        "get /openapi.json",
        "get /problems/{type}",
        "get /healthz",
        "get /readyz",
        "get /health",
    ];
    assert_eq!(paths, expected);
    let mut ids: Vec<_> = operations.iter().map(|(_, operation)| operation["operationId"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), expected.len());
}

#[test]
fn types_of_one_name_stay_apart() {
    let document = document();
    let input = |workflow: &str| validator(&document, &document["components"]["schemas"][format!("{workflow}_input")]);
    let pages = json!({ "note": { "pages": [1], "notes": [{ "pages": [], "notes": [] }] } });
    for (workflow, right, wrong) in
        [("digest", note("pump"), &pages), ("length", note("pump"), &pages), ("inspect", pages.clone(), &note("pump"))]
    {
        let input = input(workflow);
        assert!(input.is_valid(&right) && !input.is_valid(wrong), "{workflow}");
    }
    assert!(document["components"]["schemas"]["Problem"]["properties"]["detail"].is_object());
}

/// The schema that an operation declares for an answer.
fn promised<'d>(document: &'d Value, path: &str, method: &str, status: u16, media: &str) -> &'d Value {
    let responses = &document["paths"][path][method]["responses"];
    let schema = &responses[status.to_string()]["content"][media]["schema"];
    assert!(!schema.is_null(), "{method} {path} declares no {status} as {media}");
    schema
}

#[tokio::test]
async fn what_is_answered_is_what_was_promised() {
    let desk = Desk::open();
    let service = Served::with(&desk).await;
    let document = service.get("/openapi.json").await.json();
    let held = |answer: &crate::client::Answer, path: &str, method: &str| {
        let schema = promised(&document, path, method, answer.status, answer.header("content-type").unwrap());
        let errors: Vec<_> =
            validator(&document, schema).iter_errors(&answer.json()).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{method} {path}: {errors:?}\n{}", answer.body);
    };
    let path = "/workflows/digest/runs";
    for (query, text, status) in
        [("?id=a", "pump", 202), ("?id=b&wait=30s", "pump", 200), ("?id=c&wait=30s", "damn", 500), ("?id=b", "x", 422)]
    {
        let answer = service.digest(query, &note(text)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        held(&answer, path, "post");
    }
    held(&service.post("digest", "", "{}").await, path, "post");
    held(&service.post("digest", "", "?").await, path, "post");
    for id in ["b", "c", "none"] {
        held(&service.get(&format!("/runs/{id}")).await, "/runs/{id}", "get");
    }
    held(&service.get("/runs").await, "/runs", "get");
    held(&send(service.at, "DELETE /runs/c", &[], "").await, "/runs/{id}", "delete");
    let path = "/runs/b/answers/count";
    held(
        &send(service.at, &format!("POST {path}"), &[JSON], "{\"value\": 3}").await,
        "/runs/{id}/answers/{place}",
        "post",
    );
    held(&service.get("/workflows/digest/schema").await, "/workflows/{name}/schema", "get");
    held(&service.get("/workflows/digest/graph").await, "/workflows/{name}/graph", "get");
    held(&service.get("/workflows").await, "/workflows", "get");
    held(&service.get("/problems/stopping").await, "/problems/{type}", "get");
    for path in ["/healthz", "/readyz", "/health"] {
        held(&service.get(path).await, path, "get");
    }
}
