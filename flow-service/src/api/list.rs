//! The list of runs.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use flow_runtime::journal;
use flow_runtime::run::{Status, Summary};
use serde_json::{Value, json};

use super::query::Query;
use super::state::Api;
use crate::problem::{Kind, Problem};

/// The default number of runs.
pub(crate) const USUAL: usize = 100;

/// The maximum number of runs.
pub(crate) const MOST: usize = 1_000;

pub(super) async fn runs(State(api): State<Api>, uri: Uri) -> Result<Json<Value>, Problem> {
    let query = Query::read(&uri, &["status", "workflow", "limit"])?;
    let mut wanted = journal::Query::all().limit(limit(&query)?);
    if let Some(status) = query.get("status") {
        wanted = wanted.status([status.parse::<Status>().map_err(|error| refused(error.message().to_owned()))?]);
    }
    if let Some(workflow) = query.get("workflow") {
        wanted = wanted.workflow(workflow);
    }
    let runs = api.0.runs.runtime.runs(&wanted).await.map_err(|error| api.failed(&error))?;
    Ok(Json(json!({ "runs": runs.iter().map(entry).collect::<Value>() })))
}

fn limit(query: &Query) -> Result<usize, Problem> {
    let Some(text) = query.get("limit") else { return Ok(USUAL) };
    text.parse()
        .ok()
        .filter(|limit| (1..=MOST).contains(limit))
        .ok_or_else(|| refused(format!("invalid `limit={text}`: expected a number from 1 to {MOST}")))
}

fn refused(text: String) -> Problem {
    Problem::new(Kind::BadRequest, text)
}

/// A run as one line, with the same field names as elsewhere.
fn entry(summary: &Summary) -> Value {
    let mut entry = json!({ "id": summary.run });
    if let (Some(entry), Ok(Value::Object(mut fields))) = (entry.as_object_mut(), serde_json::to_value(summary)) {
        fields.shift_remove("run");
        entry.extend(fields);
    }
    entry
}
