//! Starts a run, and waits for it or sends its events if the client asks for that.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use flow_runtime::run::RunId;

use super::named::Named;
use super::query::Query;
use super::state::Api;
use super::wait::Wait;
use super::{accept, body, events, id, run};
use crate::problem::{Kind, Problem};
use crate::runs::{Begun, Refusal, Runs};

const JSON: &str = "application/json";

pub(super) async fn start(State(api): State<Api>, Named(name): Named, request: Request) -> Result<Response, Problem> {
    let workflow = api.workflow(&name)?;
    let (parts, body) = request.into_parts();
    let query = Query::read(&parts.uri, &["id", "wait"])?;
    let wait = Wait::read(&query, &parts.headers)?;
    let given = id::named(&query, &parts.headers)?;
    let input = body::json(&parts.headers, body, api.0.limits.body_bytes).await?;

    let is_named = given.is_some();
    let id = given.map_or_else(RunId::fresh, RunId::named);
    let follower = follows(&parts.headers).then(|| api.0.runs.follow(&id));
    let begun = api.0.runs.begin(workflow.meta().name, input, &id);
    let mut client = Client { runs: &api.0.runs, run: &id, begun: Some(begun), knows_the_run: is_named };
    client.begun().await.map_err(|refusal| refused(&api, refusal, &name))?;
    if let Some(follower) = follower {
        client.knows_the_run = true;
        return Ok(run::located(events::response(&api, &api.run(&id).await?, follower), &id));
    }
    let run = api.ended(&id, wait).await;
    client.knows_the_run = true;
    Ok(wait.answered(run::started(&api, &run?)).into_response())
}

/// Whether the client prefers events to the run as JSON.
fn follows(headers: &HeaderMap) -> bool {
    accept::best(headers, &[JSON, events::EVENT_STREAM]) == Some(events::EVENT_STREAM)
}

fn refused(api: &Api, refusal: Refusal, workflow: &str) -> Problem {
    let again = |problem: Problem| problem.header(RETRY_AFTER, HeaderValue::from_static("1"));
    match refusal {
        Refusal::Taken(why) => Problem::new(Kind::IdTaken, why.message()),
        Refusal::Invalid(violations) => {
            Problem::new(Kind::InvalidInput, format!("the body is not a valid input for `{workflow}`"))
                .errors(&violations)
        }
        Refusal::Full => {
            again(Problem::new(Kind::TooManyRuns, "the maximum number of runs is already executing; try again later"))
        }
        Refusal::Closed => Problem::new(Kind::Stopping, "the service is stopping and does not start runs"),
        Refusal::Failed(error) => api.failed(&error),
    }
}

/// The client that starts a run. If the client does not know the id and disconnects before the response, the run is cancelled,
/// because nothing could refer to it any more.
struct Client<'a> {
    runs: &'a Arc<Runs>,
    run: &'a RunId,
    /// `None` once the run has started.
    begun: Option<Begun>,
    knows_the_run: bool,
}

impl Client<'_> {
    /// Waits until the run has started.
    async fn begun(&mut self) -> Result<(), Refusal> {
        let Some(begun) = &mut self.begun else { return Ok(()) };
        let outcome = begun.await;
        self.begun = None;
        // A run that did not start need not be cancelled.
        self.knows_the_run |= outcome.is_err();
        outcome
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        if self.knows_the_run {
            return;
        }
        let (runs, run, begun) = (self.runs.clone(), self.run.clone(), self.begun.take());
        tokio::spawn(async move {
            let has_begun = match begun {
                Some(begun) => begun.await.is_ok(),
                None => true,
            };
            if has_begun {
                // A failed journal is reported by every request.
                let _ = runs.cancel(&run, false).await;
            }
        });
    }
}
