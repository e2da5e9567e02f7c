//! Gemini, through `generateContent`.

mod body;
mod contents;
mod models;
mod options;
mod reply;
mod stream;
mod tools;
mod vertex;

use reqwest::RequestBuilder;
use serde_json::Value;

use super::http::{Endpoint, Key};
use super::tokens::Tokens;
use super::{
    BoxFuture, Capabilities, Deltas, Failure, MediaKinds, Model, Provider, Reply, Request, SchemaSupport, effort,
};
use stream::Response;
use vertex::Vertex;

/// Gemini, over Google's `generateContent`.
///
/// ```
/// use std::time::Duration;
/// use flow_runtime::provider::Gemini;
///
/// let gemini = Gemini::new("AIza…").timeout(Duration::from_secs(60)); // serves `gemini/gemini-2.5-flash`
/// ```
///
/// Vertex AI has the same models in a project of Google Cloud, for bearer tokens, which expire after an hour:
///
/// ```
/// use flow_runtime::provider::Gemini;
///
/// // Serves `vertex/gemini-2.5-flash`.
/// let vertex = Gemini::vertex("my-project", "global").token_source(|| async { Ok("ya29.…".to_owned()) });
/// ```
///
/// A schema is sent as `responseJsonSchema`. The [effort](Model::effort) is sent as `thinkingLevel`, and for Gemini 2 as the
/// equivalent `thinkingBudget` from Google's documentation: 1 024, 8 192 or 24 576 tokens.
#[derive(Debug)]
pub struct Gemini {
    endpoint: Endpoint,
    /// The project and location, at Vertex AI.
    vertex: Option<Vertex>,
    /// Tokens that take the place of the key.
    tokens: Option<Tokens>,
}

impl Provider for Gemini {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        self.endpoint.able(|| {
            Capabilities::new(SchemaSupport::Gemini).schema_with_tools(!models::is_old(model)).media(MediaKinds::ALL)
        })
    }

    fn address(&self) -> Option<(String, u16)> {
        self.endpoint.address()
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(self.answer(request, None))
    }

    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(self.answer(request, Some(deltas)))
    }
}

impl Gemini {
    /// Streams the answer if there is somewhere to put its pieces.
    async fn answer(&self, request: &Request, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let Some(tokens) = &self.tokens else { return self.send(request, sign, deltas).await };
        let token = tokens.next().await?;
        let bearer = |post: RequestBuilder, _: Option<&Key>| post.bearer_auth(token.reveal());
        self.send(request, bearer, deltas).await.map_err(|failure| token.hide(failure))
    }

    async fn send(
        &self,
        request: &Request,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        deltas: Option<&Deltas>,
    ) -> Result<Reply, Failure> {
        let (name, able) = (&self.endpoint.name, Provider::capabilities(self, &request.model));
        let level = self.endpoint.effort(&request.model, effort::GEMINI);
        let body = body::body(request, name, able.schema, level)?;
        let read = |body: &Value| reply::reply(body, name);
        let Some(deltas) = deltas else {
            return self.endpoint.ask(self.url(&request.model, "generateContent"), sign, &body, read).await;
        };
        let url = self.url(&request.model, "streamGenerateContent?alt=sse");
        self.endpoint.stream(url, sign, &body, (Response::default(), deltas), read).await
    }

    fn url(&self, model: &Model, action: &str) -> String {
        let (version, path) = match &self.vertex {
            Some(vertex) => ("v1", vertex.path(model)),
            None => ("v1beta", path(model)),
        };
        format!("{}/{path}:{action}", self.endpoint.versioned(version))
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
