//! The routes, and what they share.

mod accept;
mod answer;
mod body;
mod describe;
mod host;
mod id;
mod list;
mod named;
mod query;
mod run;
mod signal;
mod start;
mod wait;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use flow_runtime::engine::AnyWorkflow;
use flow_runtime::error::Error;
use serde_json::Value;

pub(crate) use list::{MOST, USUAL};
pub(crate) use run::{JSON_LINES, PLAIN_TEXT};
pub(crate) use wait::LONGEST;

use crate::problem::{Kind, Problem};
use crate::runs::Runs;
use crate::service::Limits;

/// The state of the handlers.
#[derive(Clone)]
struct Api(Arc<Shared>);

struct Shared {
    workflows: Vec<AnyWorkflow>,
    runs: Arc<Runs>,
    limits: Limits,
    document: Value,
}

pub(crate) fn router(workflows: Vec<AnyWorkflow>, runs: Arc<Runs>, limits: Limits, document: Value) -> Router {
    Router::new()
        .route("/workflows", get(describe::workflows))
        .route("/workflows/{name}/runs", post(start::start))
        .route("/workflows/{name}/graph", get(describe::graph))
        .route("/workflows/{name}/schema", get(describe::schema))
        .route("/runs", get(list::runs))
        .route("/runs/{id}", get(run::run).delete(run::cancel))
        .route("/runs/{id}/records", get(run::records))
        // The previous name.
        .route("/runs/{id}/record", get(run::records))
        .route("/runs/{id}/answers/{*place}", post(answer::answer))
        .route("/signals/{step}", post(signal::signal))
        .route("/openapi.json", get(describe::openapi))
        .route("/problems/{type}", get(describe::problem))
        .route("/healthz", get(describe::alive))
        .route("/readyz", get(describe::ready))
        // The previous name.
        .route("/health", get(describe::ready))
        .fallback(nothing)
        .method_not_allowed_fallback(no_method)
        .layer(from_fn(host::check))
        .with_state(Api(Arc::new(Shared { workflows, runs, limits, document })))
}

impl Api {
    fn workflow(&self, name: &str) -> Result<AnyWorkflow, Problem> {
        let found = self.0.workflows.iter().find(|workflow| workflow.meta().name == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = self.0.workflows.iter().map(|workflow| format!("`{}`", workflow.meta().name)).collect();
            let text = format!("unknown workflow `{name}`; this service has {}", names.join(", "));
            Problem::new(Kind::NoSuchWorkflow, text)
        })
    }
}

impl Api {
    /// The problem for an error: a failed journal is reported as such.
    fn failed(&self, error: &Error) -> Problem {
        match self.0.runs.runtime.journal_failure() {
            Some(failure) => Problem::new(Kind::JournalFailed, failure.message()),
            None => Problem::failed(error),
        }
    }
}

async fn nothing(uri: Uri) -> Problem {
    Problem::new(Kind::NoSuchRoute, format!("unknown path `{}`; `/openapi.json` lists all paths", uri.path()))
}

async fn no_method(method: Method, uri: Uri) -> Problem {
    Problem::new(Kind::MethodNotAllowed, format!("`{}` does not allow {method}; see the header Allow", uri.path()))
}
