//! Routes about the service and its workflows.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use flow_runtime::engine::AnyWorkflow;
use serde_json::{Value, json};

use super::accept;
use super::named::Named;
use super::query::Query;
use super::state::Api;
use crate::problem::{Kind, Problem};

const JSON: &str = "application/json";
const MERMAID: &str = "text/vnd.mermaid";

pub(super) async fn workflows(State(api): State<Api>) -> Json<Value> {
    let entry = |workflow: &AnyWorkflow| {
        let meta = workflow.meta();
        let arguments: Vec<_> = meta.arguments.iter().map(|argument| argument.name).collect();
        json!({ "name": meta.name, "arguments": arguments, "description": meta.doc })
    };
    Json(json!({ "workflows": api.0.workflows.iter().map(entry).collect::<Value>() }))
}

pub(super) async fn graph(
    State(api): State<Api>,
    Named(name): Named,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meta = api.workflow(&name)?.meta();
    match format(&Query::read(&uri, &["format"])?, &headers)? {
        MERMAID => Ok(([(CONTENT_TYPE, MERMAID)], meta.to_mermaid()).into_response()),
        _ => Ok(Json(meta.to_json()).into_response()),
    }
}

/// The query takes precedence over the header.
fn format(query: &Query, headers: &HeaderMap) -> Result<&'static str, Problem> {
    match query.get("format") {
        Some("json") => Ok(JSON),
        Some("mermaid") => Ok(MERMAID),
        Some(other) => {
            let text = format!("unknown graph format `{other}`: expected `json` or `mermaid`");
            Err(Problem::new(Kind::BadRequest, text))
        }
        None => accept::best(headers, &[JSON, MERMAID]).ok_or_else(|| {
            let text = format!("a graph is available as `{JSON}` or `{MERMAID}`, but the header Accept allows neither");
            Problem::new(Kind::NotAcceptable, text)
        }),
    }
}

pub(super) async fn schema(State(api): State<Api>, Named(name): Named) -> Result<Json<Value>, Problem> {
    let schema = api.workflow(&name)?.meta().to_schema();
    schema.map(Json).map_err(|error| Problem::failed(&error))
}

pub(super) async fn openapi(State(api): State<Api>) -> Json<Value> {
    Json(api.0.document.clone())
}

pub(super) async fn problem(Named(name): Named) -> Result<Json<Value>, Problem> {
    let found = Kind::ALL.into_iter().find(|kind| kind.row().name == name);
    let kind = found.ok_or_else(|| {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| format!("`{}`", kind.row().name)).collect();
        Problem::new(Kind::NoSuchRoute, format!("unknown problem type `{name}`: expected one of {}", names.join(", ")))
    })?;
    let row = kind.row();
    Ok(Json(json!({ "type": kind.uri(), "title": row.title, "status": row.status, "meaning": row.meaning })))
}

/// Whether the process responds.
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Whether the service accepts runs.
pub(super) async fn ready(State(api): State<Api>) -> Result<Json<Value>, Problem> {
    if let Some(error) = api.0.runs.runtime.journal_failure() {
        return Err(api.failed(&error));
    }
    if api.0.runs.is_closed() {
        return Err(Problem::new(Kind::Stopping, "the service is stopping and does not start runs"));
    }
    Ok(alive().await)
}
