//! Errors as RFC 9457 problem details.

mod kind;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use flow_runtime::contract::Violation;
use flow_runtime::error::Error;
use serde_json::{Map, Value, json};

pub(crate) use kind::Kind;

pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// An error response.
#[derive(Debug)]
pub(crate) struct Problem(Box<Details>);

#[derive(Debug)]
struct Details {
    kind: Kind,
    detail: String,
    /// Additional members for this kind of problem.
    more: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Details { kind, detail: detail.into(), more: Map::new(), headers: Vec::new() }))
    }

    /// A failed run, with all details of the error.
    pub(crate) fn failed(error: &Error) -> Self {
        let mut problem = Self::new(Kind::RunFailed, error.in_run().to_string());
        if let Value::Object(more) = error.to_json() {
            problem.0.more = more;
        }
        // Already in `detail`.
        problem.0.more.shift_remove("message");
        problem
    }

    pub(crate) fn errors(mut self, violations: &[Violation]) -> Self {
        let errors = violations.iter().map(|violation| {
            let detail = format!("expected {}, found {}", violation.expected, violation.found);
            json!({ "pointer": violation.pointer, "detail": detail })
        });
        self.0.more.insert("errors".into(), errors.collect());
        self
    }

    pub(crate) fn reasons(mut self, reasons: &[String]) -> Self {
        self.0.more.insert("reasons".into(), json!(reasons));
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        let Details { kind, detail, more, .. } = &*self.0;
        let row = kind.row();
        let mut fields = Map::new();
        fields.insert("type".into(), kind.uri().into());
        fields.insert("title".into(), row.title.into());
        fields.insert("status".into(), row.status.into());
        fields.insert("detail".into(), detail.as_str().into());
        fields.extend(more.clone());
        Value::Object(fields)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.0.kind.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], self.to_json().to_string()).into_response();
        response.headers_mut().extend(self.0.headers);
        response
    }
}
