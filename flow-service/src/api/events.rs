//! The events of a run as server-sent events, until it ends.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use flow_runtime::error::Result as FlowResult;
use flow_runtime::event::Event;
use flow_runtime::run::RunId;
use futures_util::future::BoxFuture;
use futures_util::stream;
use serde_json::{Value, json};

use super::accept;
use super::named::Named;
use super::query::Query;
use super::run::show;
use super::state::Api;
use crate::problem::{Kind, Problem};
use crate::runs::{Followed, Follower, Run, Runs};

pub(crate) const EVENT_STREAM: &str = "text/event-stream";

/// How often an idle stream shows that it is alive, so that proxies keep it open.
const IDLE: Duration = Duration::from_secs(15);

pub(super) async fn events(
    State(api): State<Api>,
    Named(id): Named,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::read(&uri, &[])?;
    if accept::best(&headers, &[EVENT_STREAM]).is_none() {
        let text = format!("events are available as `{EVENT_STREAM}`, but the header Accept does not allow it");
        return Err(Problem::new(Kind::NotAcceptable, text));
    }
    let id = RunId::named(id);
    let follower = api.0.runs.follow(&id);
    let run = api.run(&id).await?;
    Ok(response(&api, &run, follower))
}

/// A run as it is, its events from those that its follower has on, and the run at its end.
pub(super) fn response(api: &Api, run: &Run, follower: Follower) -> Response {
    let end = Box::pin(end(api.0.runs.clone(), run.summary.run.clone()));
    let following = Following { first: Some(sent("run", &show(run))), follower, end: Some(end), last: None };
    let events = stream::unfold(following, |mut following| async {
        let event = following.next().await?;
        Some((Ok::<_, Infallible>(event), following))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(IDLE)).into_response()
}

/// Waits until a run has ended, or the service stops.
async fn end(runs: Arc<Runs>, id: RunId) -> FlowResult<Option<Run>> {
    runs.wait_for(&id, Duration::MAX).await
}

struct Following {
    first: Option<Sent>,
    follower: Follower,
    /// `None` once it is known.
    end: Option<BoxFuture<'static, FlowResult<Option<Run>>>>,
    /// It comes after the events that are left.
    last: Option<Sent>,
}

impl Following {
    async fn next(&mut self) -> Option<Sent> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let Some(end) = &mut self.end else {
                let left = std::iter::from_fn(|| self.follower.take()).find_map(|next| followed(&next));
                return left.or_else(|| self.last.take());
            };
            tokio::select! {
                biased;
                next = self.follower.next() => {
                    if let Some(event) = followed(&next) {
                        return Some(event);
                    }
                }
                run = end => {
                    self.end = None;
                    self.last = Some(last(run));
                }
            }
        }
    }
}

/// The last event: the run as `GET /runs/{id}` shows it, or why it cannot be shown.
fn last(run: FlowResult<Option<Run>>) -> Sent {
    match run {
        Ok(Some(run)) => sent("end", &show(&run)),
        Ok(None) => sent("problem", &Problem::new(Kind::NoSuchRun, "the run is no longer kept").to_json()),
        Err(error) => sent("problem", &Problem::failed(&error).to_json()),
    }
}

fn sent(name: &str, data: &Value) -> Sent {
    Sent::default().event(name).data(data.to_string())
}

fn followed(next: &Followed) -> Option<Sent> {
    match next {
        Followed::Missed(events) => Some(sent("did_miss", &json!({ "events": events }))),
        Followed::Event(event) => shown(event).map(|(name, data)| sent(name, &data)),
    }
}

/// Name and data of an event; `None` for those that are not sent.
fn shown(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::WillStep { place, step, .. } => ("will_step", json!({ "place": place, "step": step })),
        Event::WillAttempt { place, attempt, turn, model, .. } => {
            ("will_attempt", json!({ "place": place, "attempt": attempt, "turn": turn, "model": model }))
        }
        Event::Said { place, attempt, turn, at, text, .. } => {
            ("said", json!({ "place": place, "attempt": attempt, "turn": turn, "at": at, "text": &**text }))
        }
        Event::DidTakeBack { place, attempt, turn, .. } => {
            ("did_take_back", json!({ "place": place, "attempt": attempt, "turn": turn }))
        }
        Event::DidAttempt { place, attempt, error, .. } => {
            ("did_attempt", json!({ "place": place, "attempt": attempt, "error": error }))
        }
        Event::DidReject { place, gate, reasons, .. } => {
            ("did_reject", json!({ "place": place, "gate": gate, "reasons": reasons }))
        }
        Event::WillFallBack { place, step, .. } => ("will_fall_back", json!({ "place": place, "step": step })),
        Event::WillWait { place, step, .. } => ("will_wait", json!({ "place": place, "step": step })),
        Event::DidReplay { place, step, .. } => ("did_replay", json!({ "place": place, "step": step })),
        Event::DidStep { place, error, is_cancelled, .. } => {
            ("did_step", json!({ "place": place, "error": error, "is_cancelled": is_cancelled }))
        }
        _ => return None,
    })
}
