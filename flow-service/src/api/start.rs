//! Starts a run, and waits for it where the client does.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use flow_runtime::run::RunId;

use super::named::Named;
use super::query::Query;
use super::wait::Wait;
use super::{Api, body, id, run};
use crate::problem::{Kind, Problem};
use crate::runs::{Refusal, Runs};

pub(super) async fn start(State(api): State<Api>, Named(name): Named, request: Request) -> Result<Response, Problem> {
    let workflow = api.workflow(&name)?;
    let (parts, body) = request.into_parts();
    let query = Query::read(&parts.uri, &["id", "wait"])?;
    let wait = Wait::read(&query, &parts.headers)?;
    let given = id::named(&query, &parts.headers)?;
    let input = body::json(&parts.headers, body, api.0.limits.body_bytes).await?;

    let is_named = given.is_some();
    let id = given.map_or_else(RunId::fresh, RunId::named);
    // Before it begins, since its client may go away meanwhile.
    let unknown = (!is_named).then(|| Unknown { runs: &api.0.runs, run: &id });
    let begun = api.0.runs.begin(workflow.meta().name, input, &id).await;
    if let Err(refusal) = begun {
        std::mem::forget(unknown);
        return Err(refused(refusal, &name));
    }
    let run = api.ended(&id, wait).await;
    // From here on the client learns the id.
    std::mem::forget(unknown);
    Ok(wait.answered(run::started(&run?)).into_response())
}

fn refused(refusal: Refusal, workflow: &str) -> Problem {
    let again = |problem: Problem| problem.header(RETRY_AFTER, HeaderValue::from_static("1"));
    match refusal {
        Refusal::Taken(why) => Problem::new(Kind::IdTaken, why.message()),
        Refusal::Invalid(violations) => {
            Problem::new(Kind::InvalidInput, format!("the body is not what `{workflow}` takes")).errors(&violations)
        }
        Refusal::Full => {
            again(Problem::new(Kind::TooManyRuns, "as many runs as allowed are under way; try again later"))
        }
        Refusal::Closed => Problem::new(Kind::Stopping, "the service is stopping and starts no more runs"),
        Refusal::Failed(error) => Problem::failed(&error),
    }
}

/// A run whose id no client knows yet. Dropped before the answer, its client has gone away, and nobody could ask for it again.
struct Unknown<'a> {
    runs: &'a Arc<Runs>,
    run: &'a RunId,
}

impl Drop for Unknown<'_> {
    fn drop(&mut self) {
        let (runs, run) = (self.runs.clone(), self.run.clone());
        tokio::spawn(async move {
            // One that is not there needs no end, and the journal's failure is told to everybody who asks.
            let _ = runs.cancel(&run).await;
        });
    }
}
