//! OpenAI, and every server that speaks its chat completions.

mod body;
mod error;
mod key;
mod options;
mod reply;

use std::sync::OnceLock;

use reqwest::{Client, StatusCode};

use super::http::{self, Body, Patience};
use super::{BoxFuture, Capabilities, Failure, FailureKind, Model, Provider, Reply, Request};
use key::Key;
pub use options::FromEnvError;

/// Chat completions of OpenAI, or of a server that is compatible with it.
///
/// ```
/// use std::time::Duration;
/// use flow_runtime::provider::OpenAi;
///
/// let openai = OpenAi::new("sk-…").timeout(Duration::from_secs(60)); // serves `openai/gpt-5-mini`
/// let local = OpenAi::at("local", "http://127.0.0.1:8080/v1");       // serves `local/qwen3`
/// let hosted = OpenAi::at("deepseek", "https://api.deepseek.com").key("sk-…").json_mode();
/// ```
///
/// At `api.openai.com` schemas are lowered to strict mode, elsewhere to what
/// [compatible](super::SchemaSupport::Compatible) servers understand, and written into the prompt as well, because such
/// servers enforce a schema without showing it to the model.
#[derive(Debug)]
pub struct OpenAi {
    name: String,
    base_url: String,
    key: Option<Key>,
    capabilities: Option<Capabilities>,
    patience: Patience,
    max_response_bytes: usize,
    /// Made at the first request, when all options are known.
    client: OnceLock<Client>,
}

impl Provider for OpenAi {
    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self, _model: &Model) -> Capabilities {
        self.capabilities.unwrap_or_else(|| self.usual_capabilities())
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move { self.attempt(request).await.map_err(|failure| self.without_key(failure)) })
    }
}

impl OpenAi {
    async fn attempt(&self, request: &Request) -> Result<Reply, Failure> {
        let body = body::body(request, self.capabilities(&request.model), self.is_official())?;
        let url = format!("{}/chat/completions", self.base_url.trim_end_matches('/'));
        let mut post = self.client()?.post(url).json(&body);
        if let Some(key) = &self.key {
            post = post.bearer_auth(key.reveal());
        }
        let response = post.send().await.map_err(http::transport)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = http::read(response, self.max_response_bytes).await;
        if status == StatusCode::OK { answer(body) } else { Err(error::failure(status, &headers, &body.bytes)) }
    }

    fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = http::client(self.patience).map_err(http::transport)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// A failure in which the key stands nowhere, even where an endpoint repeats it.
    fn without_key(&self, mut failure: Failure) -> Failure {
        if let Some(key) = &self.key {
            failure.message = key.hide_in(failure.message);
            failure.body = failure.body.map(|body| key.hide_in(body));
        }
        failure
    }
}

/// Reads the body of a 200.
fn answer(body: Body) -> Result<Reply, Failure> {
    let kept = || Some(http::excerpt(&body.bytes)).filter(|text| !text.is_empty());
    if let Some(broken) = body.broken {
        return Err(Failure { status: Some(200), body: kept(), ..broken });
    }
    let value = serde_json::from_slice(&body.bytes).map_err(|error| {
        let message = format!("the body is not JSON: {error}");
        Failure { status: Some(200), body: kept(), ..Failure::new(FailureKind::Transport, message) }
    })?;
    reply::reply(&value).map_err(|failure| Failure { status: Some(200), body: kept(), ..failure })
}
