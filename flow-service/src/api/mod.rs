//! The routes.

mod accept;
mod answer;
mod body;
mod describe;
mod events;
mod host;
mod id;
mod list;
mod named;
mod query;
mod run;
mod signal;
mod start;
mod state;
mod wait;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use flow_runtime::engine::AnyWorkflow;
use serde_json::Value;

pub(crate) use events::EVENT_STREAM;
pub(crate) use list::{MOST, USUAL};
pub(crate) use run::{JSON_LINES, PLAIN_TEXT};
pub(crate) use wait::LONGEST;

use crate::limits::Limits;
use crate::problem::{Kind, Problem};
use crate::runs::Runs;
use state::{Api, Shared};

pub(crate) fn router(workflows: Vec<AnyWorkflow>, runs: Arc<Runs>, limits: Limits, document: Value) -> Router {
    Router::new()
        .route("/workflows", get(describe::workflows))
        .route("/workflows/{name}/runs", post(start::start))
        .route("/workflows/{name}/graph", get(describe::graph))
        .route("/workflows/{name}/schema", get(describe::schema))
        .route("/runs", get(list::runs))
        .route("/runs/{id}", get(run::run).delete(run::cancel))
        .route("/runs/{id}/events", get(events::events))
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

async fn nothing(uri: Uri) -> Problem {
    Problem::new(Kind::NoSuchRoute, format!("unknown path `{}`; `/openapi.json` lists all paths", uri.path()))
}

async fn no_method(method: Method, uri: Uri) -> Problem {
    Problem::new(Kind::MethodNotAllowed, format!("`{}` does not allow {method}; see the header Allow", uri.path()))
}
