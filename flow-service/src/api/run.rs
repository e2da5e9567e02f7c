//! Showing and cancelling a run, and its records.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use flow_runtime::error::{Error, ErrorKind};
use flow_runtime::run::{Record, RunId, Status};
use serde_json::{Value, json};

use super::accept;
use super::named::Named;
use super::query::Query;
use super::state::Api;
use super::wait::Wait;
use crate::problem::{Kind, Problem};
use crate::runs::Run;

pub(crate) const JSON_LINES: &str = "application/jsonl";
pub(crate) const PLAIN_TEXT: &str = "text/plain";

pub(super) async fn run(
    State(api): State<Api>,
    Named(id): Named,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wait = Wait::read(&Query::read(&uri, &["wait"])?, &headers)?;
    let run = api.ended(&RunId::named(id), wait).await?;
    Ok(wait.answered(Json(show(&run))))
}

pub(super) async fn records(State(api): State<Api>, Named(id): Named, headers: HeaderMap) -> Result<Response, Problem> {
    let id = RunId::named(id);
    let records = api.0.runs.runtime.records(&id).await.map_err(|error| api.failed(&error))?;
    if records.is_empty() {
        return Err(api.no_such_run(&id));
    }
    let media = accept::best(&headers, &[JSON_LINES, PLAIN_TEXT]).ok_or_else(|| {
        let text =
            format!("records are available as `{JSON_LINES}` or `{PLAIN_TEXT}`, but the header Accept allows neither");
        Problem::new(Kind::NotAcceptable, text)
    })?;
    Ok(([(CONTENT_TYPE, media)], lines(&records)?).into_response())
}

pub(super) async fn cancel(
    State(api): State<Api>,
    Named(id): Named,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = Query::read(&uri, &["undo", "wait"])?;
    let (undo, wait) = (undo(&query)?, Wait::read(&query, &headers)?);
    let id = RunId::named(id);
    if api.run(&id).await?.summary.ended.is_none() {
        let cancelled = api.0.runs.cancel(&id, undo).await;
        // The run may have ended in the meantime; then it is shown as it is.
        cancelled.or_else(|error| match error.kind() {
            ErrorKind::Setup => Ok(()),
            _ => Err(api.failed(&error)),
        })?;
    }
    let run = api.ended(&id, wait).await?;
    Ok(wait.answered(Json(show(&run))))
}

/// `?undo=true`: undo the finished steps before the run ends.
fn undo(query: &Query) -> Result<bool, Problem> {
    match query.get("undo") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => {
            Err(Problem::new(Kind::BadRequest, format!("invalid `undo={other}`: expected `true` or `false`")))
        }
    }
}

/// The response to a start: the result, or where to ask for it.
pub(super) fn started(api: &Api, run: &Run) -> Response {
    let response = match &run.end {
        None => (StatusCode::ACCEPTED, Json(show(run))).into_response(),
        Some(Ok(_)) => Json(show(run)).into_response(),
        Some(Err(error)) => api.failed(error).into_response(),
    };
    located(response, &run.summary.run)
}

/// Adds the path of the run.
pub(super) fn located(mut response: Response, run: &RunId) -> Response {
    // All characters of an id are valid in a header.
    if let Ok(location) = HeaderValue::try_from(format!("/runs/{run}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

pub(super) fn show(run: &Run) -> Value {
    let summary = &run.summary;
    let mut shown = json!({ "id": summary.run, "workflow": summary.workflow, "status": summary.status.name() });
    if summary.offline {
        shown["offline"] = true.into();
    }
    match &run.end {
        Some(Ok(output)) => shown["output"] = output.clone(),
        Some(Err(error)) if summary.status != Status::Cancelled => shown["error"] = Problem::failed(error).to_json(),
        _ => {}
    }
    if !run.undone.is_empty() {
        shown["undone"] = json!(run.undone);
    }
    if !run.not_undone.is_empty() {
        shown["not_undone"] = json!(run.not_undone);
    }
    if summary.status == Status::Waiting {
        shown["waits"] = json!(summary.waits);
    }
    shown
}

fn lines(records: &[Record]) -> Result<Vec<u8>, Problem> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record).map_err(|error| Problem::failed(&Error::from(error)))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

impl Api {
    /// Finds a run.
    pub(super) async fn run(&self, id: &RunId) -> Result<Run, Problem> {
        let run = self.0.runs.find(id).await.map_err(|error| self.failed(&error))?;
        run.ok_or_else(|| self.no_such_run(id))
    }

    /// Finds a run once it has ended or the wait is over.
    pub(super) async fn ended(&self, id: &RunId, wait: Wait) -> Result<Run, Problem> {
        let run = self.0.runs.wait_for(id, wait.limit()).await.map_err(|error| self.failed(&error))?;
        run.ok_or_else(|| self.no_such_run(id))
    }

    fn no_such_run(&self, id: &RunId) -> Problem {
        let of_the_ended = match self.0.runs.is_in_memory() {
            true => format!("; only the latest {} ended runs are kept", self.0.limits.ended_runs),
            false => " in the journal".to_owned(),
        };
        Problem::new(Kind::NoSuchRun, format!("there is no run `{id}`{of_the_ended}"))
    }
}
