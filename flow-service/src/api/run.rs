//! A run as it is shown, and its record.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use flow_runtime::error::Error;
use serde_json::{Value, json};

use super::named::Named;
use super::query::Query;
use super::wait::Wait;
use super::{Api, accept};
use crate::problem::{Kind, Problem};
use crate::runs::Run;

pub(crate) const JSON_LINES: &str = "application/jsonl";
pub(crate) const PLAIN_TEXT: &str = "text/plain";

/// A run's end, once there is one.
type End<'a> = Option<&'a Result<Value, Error>>;

pub(super) async fn run(
    State(api): State<Api>,
    Named(id): Named,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wait = Wait::read(&Query::read(&uri, &["wait"])?, &headers)?;
    let run = api.run(&id)?;
    let outcome = wait.for_end(&run).await;
    Ok(wait.answered(Json(show(&run, outcome.as_deref()))))
}

pub(super) async fn record(State(api): State<Api>, Named(id): Named, headers: HeaderMap) -> Result<Response, Problem> {
    let run = api.run(&id)?;
    let media = accept::best(&headers, &[JSON_LINES, PLAIN_TEXT]).ok_or_else(|| {
        let text = format!("a record comes as `{JSON_LINES}` or `{PLAIN_TEXT}`, and the header Accept takes neither");
        Problem::new(Kind::NotAcceptable, text)
    })?;
    Ok(([(CONTENT_TYPE, media)], run.record()).into_response())
}

/// The answer to whoever has started the run: what came of it, or where to ask.
pub(super) fn started(run: &Run, end: End<'_>) -> Response {
    let mut response = match end {
        None => (StatusCode::ACCEPTED, Json(show(run, end))).into_response(),
        Some(Ok(_)) => Json(show(run, end)).into_response(),
        Some(Err(error)) => Problem::failed(error).into_response(),
    };
    // An id has no letters that a header could not have.
    if let Ok(location) = HeaderValue::try_from(format!("/runs/{}", run.id)) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn show(run: &Run, end: End<'_>) -> Value {
    let mut shown = json!({ "id": run.id, "workflow": run.workflow() });
    match end {
        None => shown["status"] = "running".into(),
        Some(Ok(output)) => {
            shown["status"] = "finished".into();
            shown["output"] = output.clone();
        }
        Some(Err(error)) => {
            shown["status"] = "failed".into();
            shown["error"] = Problem::failed(error).to_json();
        }
    }
    shown
}

impl Api {
    fn run(&self, id: &str) -> Result<std::sync::Arc<Run>, Problem> {
        self.0.runs.find(id).ok_or_else(|| {
            let held = self.0.limits.ended_runs;
            let text = format!("there is no run `{id}`; of the runs that have ended here, the latest {held} are held");
            Problem::new(Kind::NoSuchRun, text)
        })
    }
}
