//! Answers to waiting steps.

use axum::Json;
use axum::extract::{Request, State};
use flow_runtime::engine::Said;
use flow_runtime::error::{Error, ErrorKind};
use flow_runtime::run::RunId;
use serde_json::{Map, Value};

use super::named::NamedPair;
use super::state::Api;
use super::{body, run};
use crate::problem::{Kind, Problem};

const FORMS: &str = "expected one of `{\"decision\": \"accept\"}`, `{\"decision\": \"edit\", \"value\": …}`, \
    `{\"decision\": \"reject\", \"reason\": \"…\"}`, `{\"value\": …}`, `{\"happened\": true, \"output\": …}`, \
    `{\"happened\": false}`, each optionally with a string `by`";

pub(super) async fn answer(
    State(api): State<Api>,
    NamedPair(id, place): NamedPair,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let (parts, body) = request.into_parts();
    let body = body::json(&parts.headers, body, api.0.limits.body_bytes).await?;
    let (said, by) = read(body).ok_or_else(|| Problem::new(Kind::BadRequest, FORMS))?;
    let id = RunId::named(id);
    api.run(&id).await?;
    let answering = api.0.runs.runtime.answer(&id, &place);
    let answering = match by {
        Some(name) => answering.by(name),
        None => answering,
    };
    answering.say(said).await.map_err(|error| refused(&api, &error))?;
    Ok(Json(run::show(&api.run(&id).await?)))
}

/// Parses a body to an answer and its author; `None` if a field is missing or unknown.
fn read(body: Value) -> Option<(Said, Option<String>)> {
    let Value::Object(mut fields) = body else { return None };
    let by = fields.remove("by").map(|by| text(by).ok_or(())).transpose().ok()?;
    let said = match (fields.remove("decision"), fields.remove("happened")) {
        (Some(decision), None) => decided(decision.as_str()?, &mut fields)?,
        (None, Some(Value::Bool(true))) => Said::Happened(fields.remove("output").unwrap_or_default()),
        (None, Some(Value::Bool(false))) => Said::DidNotHappen,
        (None, None) => Said::Whole(fields.remove("value")?),
        _ => return None,
    };
    fields.is_empty().then_some((said, by))
}

fn decided(decision: &str, fields: &mut Map<String, Value>) -> Option<Said> {
    match decision {
        "accept" => Some(Said::Accept),
        "edit" => fields.remove("value").map(Said::Edit),
        "reject" => fields.remove("reason").and_then(text).map(Said::Reject),
        _ => None,
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn refused(api: &Api, error: &Error) -> Problem {
    match error.kind() {
        ErrorKind::ContractViolated { violations, .. } => {
            Problem::new(Kind::InvalidAnswer, error.message()).errors(violations)
        }
        ErrorKind::Rejected { reasons, .. } => Problem::new(Kind::RejectedAnswer, error.message()).reasons(reasons),
        ErrorKind::Diverged => Problem::new(Kind::CannotGoOn, error.message()),
        ErrorKind::Setup => Problem::new(Kind::NotWaiting, error.message()),
        _ => api.failed(error),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_has_one_form_and_nothing_beside_it() {
        let right = [
            json!({ "decision": "accept", "by": "ann" }),
            json!({ "decision": "edit", "value": null }),
            json!({ "decision": "reject", "reason": "no" }),
            json!({ "value": { "a": 1 } }),
            json!({ "happened": true, "output": 3 }),
            json!({ "happened": true }),
            json!({ "happened": false }),
        ];
        let wrong = [
            json!({}),
            json!([]),
            json!({ "decision": "accept", "value": 1 }),
            json!({ "decision": "edit" }),
            json!({ "decision": "reject", "reason": 3 }),
            json!({ "decision": "agree" }),
            json!({ "value": 1, "happened": true }),
            json!({ "value": 1, "by": 3 }),
            json!({ "happened": false, "output": 3 }),
        ];
        right.into_iter().for_each(|body| assert!(read(body.clone()).is_some(), "{body}"));
        wrong.into_iter().for_each(|body| assert!(read(body.clone()).is_none(), "{body}"));
    }
}
