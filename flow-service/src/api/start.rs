//! Starts a run, and waits for it where the client does.

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use flow_runtime::run::RunId;

use super::named::Named;
use super::query::Query;
use super::wait::Wait;
use super::{Api, body, id, run};
use crate::problem::{Kind, Problem};
use crate::runs::{Asked, Refusal, Run, Runs};

pub(super) async fn start(State(api): State<Api>, Named(name): Named, request: Request) -> Result<Response, Problem> {
    let workflow = api.workflow(&name)?;
    let (parts, body) = request.into_parts();
    let query = Query::read(&parts.uri, &["id", "wait"])?;
    let wait = Wait::read(&query, &parts.headers)?;
    let given = id::named(&query, &parts.headers)?;
    let input = body::json(&parts.headers, body, api.0.limits.body_bytes).await?;

    let asked = Asked::new(workflow.meta().name, &input);
    let is_named = given.is_some();
    let id = given.unwrap_or_else(|| RunId::fresh().to_string());
    let ready = workflow.ready(input, Some(id.clone())).map_err(|violations| {
        Problem::new(Kind::InvalidInput, format!("the body is not what `{name}` takes")).errors(&violations)
    })?;
    let run = api.0.runs.start(&id, asked, ready, &api.0.runtime).map_err(|refusal| refused(refusal, &id))?;

    let unknown = (!is_named).then(|| Unknown { runs: &api.0.runs, run: &run });
    let outcome = wait.for_end(&run).await;
    // From here on the client learns the id.
    std::mem::forget(unknown);
    Ok(wait.answered(run::started(&run, outcome.as_deref())).into_response())
}

fn refused(refusal: Refusal, id: &str) -> Problem {
    let again = |problem: Problem| problem.header(RETRY_AFTER, HeaderValue::from_static("1"));
    match refusal {
        Refusal::Taken => {
            let text =
                format!("the run `{id}` was started with another input or workflow; give this one an id of its own");
            Problem::new(Kind::IdTaken, text)
        }
        Refusal::Full => {
            again(Problem::new(Kind::TooManyRuns, "as many runs as allowed are under way; try again later"))
        }
        Refusal::Closed => Problem::new(Kind::Stopping, "the service is stopping and starts no more runs"),
    }
}

/// A run whose id no client knows yet. Dropped before the answer, its client has gone away, and nobody could ask for it again.
struct Unknown<'a> {
    runs: &'a Runs,
    run: &'a Run,
}

impl Drop for Unknown<'_> {
    fn drop(&mut self) {
        self.runs.forget(self.run);
    }
}
