//! OpenAI, and every server that speaks its chat completions.

mod body;
mod options;
mod reply;

use reqwest::RequestBuilder;

use super::http::{Endpoint, Key};
use super::{BoxFuture, Capabilities, Failure, Model, Provider, Reply, Request};

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
    endpoint: Endpoint,
}

impl Provider for OpenAi {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, _model: &Model) -> Capabilities {
        self.endpoint.capabilities.unwrap_or_else(|| self.usual_capabilities())
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let able = Provider::capabilities(self, &request.model);
            let body = body::body(request, able, self.is_official())?;
            let url = format!("{}/chat/completions", self.endpoint.base());
            self.endpoint.ask(url, sign, &body, reply::reply).await
        })
    }
}

fn sign(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => post.bearer_auth(key.reveal()),
        None => post,
    }
}
