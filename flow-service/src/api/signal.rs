//! Signals from external systems, addressed by step and key.

use axum::Json;
use axum::extract::{Request, State};
use flow_runtime::engine::Signalled;
use flow_runtime::error::{Error, ErrorKind};
use flow_runtime::run::{Place, RunId};
use serde_json::{Value, json};

use super::body;
use super::named::Named;
use super::state::Api;
use crate::problem::{Kind, Problem};

const FORM: &str = "expected `{\"key\": …, \"value\": …}`: the step's only argument or an object of all arguments, and the step's output; \
    optional strings are `id`, which identifies repeats, and `by`";

#[derive(Debug, PartialEq)]
struct Given {
    key: Value,
    value: Value,
    id: Option<String>,
    by: Option<String>,
}

pub(super) async fn signal(
    State(api): State<Api>,
    Named(step): Named,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let (parts, body) = request.into_parts();
    let body = body::json(&parts.headers, body, api.0.limits.body_bytes).await?;
    let given = read(body).ok_or_else(|| Problem::new(Kind::BadRequest, FORM))?;
    let mut sending = api.0.runs.runtime.signal_by_id(&step, given.key, given.value);
    if let Some(id) = given.id {
        sending = sending.id(id);
    }
    if let Some(by) = given.by {
        sending = sending.by(by);
    }
    match sending.await.map_err(|error| refused(&api, &error))? {
        Signalled::Given(steps) => Ok(Json(json!({ "outcome": "given", "given": list(&steps) }))),
        Signalled::Kept(until) => Ok(Json(json!({ "outcome": "kept", "until": until }))),
        Signalled::Repeated => Ok(Json(json!({ "outcome": "repeated" }))),
        rejected @ Signalled::Rejected(_) => {
            let text = "every waiting step rejected the signal and keeps waiting";
            Err(Problem::new(Kind::RejectedAnswer, text).reasons(&rejected.reasons()))
        }
        _ => {
            let text =
                format!("no workflow of this service has a signal step with the id `{step}`; the signal was not kept");
            Err(Problem::new(Kind::NoSuchSignal, text))
        }
    }
}

/// Parses a body; `None` if a field is missing or unknown.
fn read(body: Value) -> Option<Given> {
    let Value::Object(mut fields) = body else { return None };
    let mut text = |name: &str| match fields.remove(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    };
    let (id, by) = (text("id")?, text("by")?);
    let (key, value) = (fields.remove("key").unwrap_or_default(), fields.remove("value")?);
    fields.is_empty().then_some(Given { key, value, id, by })
}

fn list(steps: &[(RunId, Place)]) -> Value {
    steps.iter().map(|(run, place)| json!({ "run": run, "place": place })).collect()
}

fn refused(api: &Api, error: &Error) -> Problem {
    match error.kind() {
        ErrorKind::ContractViolated { violations, .. } => {
            Problem::new(Kind::InvalidAnswer, error.message()).errors(violations)
        }
        ErrorKind::Diverged => Problem::new(Kind::CannotGoOn, error.message()),
        _ => api.failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_has_a_value_and_nothing_unknown_beside_it() {
        let whole = json!({ "key": 7, "value": 700, "id": "evt", "by": "bank" });
        let given = Given { key: json!(7), value: json!(700), id: Some("evt".into()), by: Some("bank".into()) };
        assert_eq!(read(whole), Some(given));
        let plain = Given { key: Value::Null, value: Value::Null, id: None, by: None };
        assert_eq!(read(json!({ "value": null })), Some(plain));
        for wrong in
            [json!({}), json!(7), json!({ "key": 7 }), json!({ "value": 1, "id": 7 }), json!({ "value": 1, "x": 1 })]
        {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }
}
