//! Gemini, through `generateContent`.

mod body;
mod contents;
mod models;
mod options;
mod reply;
mod stream;
mod tools;

use reqwest::RequestBuilder;
use serde_json::Value;

use super::http::{Endpoint, Key};
use super::{BoxFuture, Capabilities, Deltas, Failure, Model, Provider, Reply, Request, SchemaSupport, effort};
use stream::Response;

/// Gemini, over Google's `generateContent`.
///
/// ```
/// use std::time::Duration;
/// use flow_runtime::provider::Gemini;
///
/// let gemini = Gemini::new("AIza…").timeout(Duration::from_secs(60)); // serves `gemini/gemini-2.5-flash`
/// ```
///
/// A schema is sent as `responseJsonSchema`. The [effort](Model::effort) is sent as `thinkingLevel`, and for Gemini 2 as the
/// equivalent `thinkingBudget` from Google's documentation: 1 024, 8 192 or 24 576 tokens.
#[derive(Debug)]
pub struct Gemini {
    endpoint: Endpoint,
}

impl Provider for Gemini {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        self.endpoint.able(Capabilities::new(SchemaSupport::Gemini).schema_with_tools(!models::is_old(model)))
    }

    fn address(&self) -> Option<(String, u16)> {
        self.endpoint.address()
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let body = self.body(request)?;
            self.endpoint.ask(self.url(request, "generateContent"), sign, &body, |body| self.read(body)).await
        })
    }

    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let (body, to) = (self.body(request)?, (Response::default(), deltas));
            let url = self.url(request, "streamGenerateContent?alt=sse");
            self.endpoint.stream(url, sign, &body, to, |body| self.read(body)).await
        })
    }
}

impl Gemini {
    fn body(&self, request: &Request) -> Result<Value, Failure> {
        let able = Provider::capabilities(self, &request.model);
        let level = self.endpoint.effort(&request.model, effort::GEMINI);
        body::body(request, &self.endpoint.name, able.schema, level)
    }

    fn url(&self, request: &Request, action: &str) -> String {
        format!("{}/{}:{action}", self.endpoint.versioned("v1beta"), path(&request.model))
    }

    fn read(&self, body: &Value) -> Result<Reply, Failure> {
        reply::reply(body, &self.endpoint.name)
    }
}

fn sign(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => post.header("x-goog-api-key", key.reveal()),
        None => post,
    }
}

/// The model as a path: `models/name`, unless the name already has a prefix (`tunedModels/name`).
fn path(model: &Model) -> String {
    let name = model.api_name();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~/".contains(letter);
    let name: String = name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    if name.contains('/') { name } else { format!("models/{name}") }
}
