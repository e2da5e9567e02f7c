//! Request bodies: limited in size, declared as JSON, and parsed.

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use flow_runtime::contract::parse_json;
use serde_json::Value;

use crate::problem::{Kind, Problem};

pub(super) async fn json(headers: &HeaderMap, body: Body, limit: usize) -> Result<Value, Problem> {
    require_json(headers)?;
    // A body that declares itself too long is not read at all.
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let bytes = to_bytes(body, limit).await.map_err(|error| broken(&error, limit))?;
    parse_json(&bytes).map_err(|why| match why.violation() {
        Some(violation) => Problem::new(Kind::BadRequest, format!("the body cannot be read: {why}"))
            .errors(std::slice::from_ref(violation)),
        None => Problem::new(Kind::BadRequest, format!("the body is not JSON: {why}")),
    })
}

/// Any web page can send a request without this type, and browsers do not prevent it.
fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = declared.map(|declared| declared.split(';').next().unwrap_or_default().trim());
    if essence.is_some_and(is_json) {
        return Ok(());
    }
    let found = declared.map_or("the header is missing".to_owned(), |declared| format!("it is `{declared}`"));
    let text = format!("the request needs the header `Content-Type: application/json`; {found}");
    Err(Problem::new(Kind::UnsupportedMediaType, text))
}

fn is_json(essence: &str) -> bool {
    let essence = essence.to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn broken(error: &axum::Error, limit: usize) -> Problem {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.to_string() == "length limit exceeded" {
            return too_large(limit);
        }
        source = error.source();
    }
    Problem::new(Kind::BadRequest, format!("the body cannot be read: {error}"))
}

/// The connection cannot be reused, because the rest of the body is not read.
fn too_large(limit: usize) -> Problem {
    let text = format!("the body exceeds the limit of {limit} bytes");
    Problem::new(Kind::BodyTooLarge, text).header(CONNECTION, HeaderValue::from_static("close"))
}
