//! Claude, through Anthropic's Messages API.

mod blocks;
mod body;
mod complex;
mod messages;
mod models;
mod options;
mod reply;
mod stream;
mod tools;

use body::Binding;
use complex::Complex;
use reqwest::RequestBuilder;
use serde_json::Value;

use super::http::{Endpoint, Key};
use super::{
    BoxFuture, Capabilities, Deltas, Failure, FailureKind, Model, Provider, Reply, Request, SchemaSupport, effort,
};
use stream::Message;

/// The version of the API that the bodies follow: <https://platform.claude.com/docs/en/api/versioning>.
const VERSION: &str = "2023-06-01";

/// Claude, over Anthropic's Messages API or a compatible server.
///
/// ```
/// use std::time::Duration;
/// use flow_runtime::provider::Anthropic;
///
/// let claude = Anthropic::new("sk-ant-…").timeout(Duration::from_secs(120)); // serves `anthropic/claude-haiku-4-5`
/// ```
///
/// A schema is sent as a JSON output (`output_config.format`). Models without JSON outputs, and schemas that exceed their limits
/// (24 optional properties, 16 unions), use a call of a single tool instead; there the schema guides the model without binding
/// it. The same applies to servers whose [capabilities](Anthropic::capabilities) are not [`SchemaSupport::Anthropic`]. A model
/// that cannot be forced to call a tool, such as one that thinks within a budget, reads the schema in the prompt instead.
///
/// If the API rejects a schema as too complex, the schema is written at the end of the prompt and the request is repeated
/// immediately; later requests with that schema do so from the start.
///
/// The API requires a limit for each answer: 16 000 tokens (4 096 for Claude 3) unless the model sets
/// [`max_output_tokens`](Model::max_output_tokens).
#[derive(Debug)]
pub struct Anthropic {
    endpoint: Endpoint,
    complex: Complex,
}

impl Anthropic {
    /// Asks once more if the schema is rejected as too complex. Streams the answer if there is somewhere to put its pieces.
    async fn answer(&self, request: &Request, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let support = Provider::capabilities(self, &request.model).schema;
        let Some(schema) = complex::compiled(request, support) else { return self.ask(request, support, deltas).await };
        if !self.complex.contains(schema) {
            match self.ask(request, support, deltas).await {
                Err(failure) if complex::is_refusal(&failure) => self.complex.remember(schema),
                outcome => return outcome,
            }
        }
        self.ask(&complex::in_words(request, schema), support, deltas).await
    }

    async fn ask(&self, request: &Request, support: SchemaSupport, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let (binding, forced) = (Binding::of(request, support), models::can_be_forced(&request.model));
        if !forced && tools::forces(request) {
            let text = format!("`{}` cannot be forced to call a tool", request.model.id());
            return Err(Failure::new(FailureKind::InvalidRequest, text));
        }
        // With other tools, a forced answer tool would keep the model from calling them.
        let in_words = binding == Binding::Tool && !(forced && request.tools.is_empty());
        match request.schema.as_ref().filter(|_| in_words) {
            Some(schema) => self.send(&complex::in_words(request, schema), Binding::No, deltas).await,
            None => self.send(request, binding, deltas).await,
        }
    }

    async fn send(&self, request: &Request, binding: Binding, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let effort = self.endpoint.effort(&request.model, effort::CLAUDE);
        let name = &self.endpoint.name;
        let mut body = body::body(request, name, binding, effort)?;
        let url = format!("{}/messages", self.endpoint.versioned("v1"));
        let read = |body: &Value| reply::reply(body, name, binding);
        let Some(deltas) = deltas else { return self.endpoint.ask(url, sign, &body, read).await };
        body["stream"] = true.into();
        self.endpoint.stream(url, sign, &body, (Message::new(binding), deltas), read).await
    }
}

impl Provider for Anthropic {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        let usual = if models::has_json_outputs(model) { SchemaSupport::Anthropic } else { SchemaSupport::Full };
        self.endpoint.able(|| Capabilities::new(usual).media(messages::MEDIA))
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

fn sign(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    let post = post.header("anthropic-version", VERSION);
    match key {
        Some(key) => post.header("x-api-key", key.reveal()),
        None => post,
    }
}
