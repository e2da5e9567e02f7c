//! OpenAI, and every server that offers its chat completions API.

mod attached;
mod body;
mod effort_with_tools;
mod ending;
mod messages;
mod ollama;
mod options;
mod reply;
mod server;
mod tools;
mod usage;

use reqwest::RequestBuilder;

use super::http::{Endpoint, Key, line};
use super::{BoxFuture, Capabilities, Failure, FailureKind, Model, Provider, Reply, Request};
use server::Server;

/// Chat completions of OpenAI or a compatible server.
///
/// ```
/// use std::time::Duration;
/// use flow_runtime::provider::OpenAi;
///
/// let openai = OpenAi::new("sk-…").timeout(Duration::from_secs(60)); // serves `openai/gpt-5-mini`
/// let local = OpenAi::at("local", "http://127.0.0.1:8080/v1");       // serves `local/qwen3`
/// let ollama = OpenAi::ollama();                                     // serves `ollama/qwen3`, from this machine
/// let vllm = OpenAi::vllm("http://127.0.0.1:8000/v1");               // serves `vllm/…`
/// let hosted = OpenAi::at("deepseek", "https://api.deepseek.com").key("sk-…"); // serves `deepseek/…`
/// ```
///
/// At `api.openai.com`, and for `gpt-oss` at `api.groq.com`, schemas are adapted to strict mode. `api.deepseek.com` and the other
/// Groq models support no schema, so they are asked for JSON with the schema in the prompt. Elsewhere schemas are adapted to what
/// [compatible](super::SchemaSupport::Compatible) servers understand, and also written into the prompt, because such servers
/// enforce a schema without showing it to the model.
///
/// OpenAI offers tools beside reasoning only through its Responses API. Requests with tools therefore go to GPT-5.6 and GPT-6 with
/// the effort `none`, to GPT-5.4 and GPT-5.5 without one, and to GPT-6.1 and GPT-6 Astra not at all, whatever
/// [effort](Model::effort) the model sets; [`effort_levels`](OpenAi::effort_levels) overrides this.
#[derive(Debug)]
pub struct OpenAi {
    endpoint: Endpoint,
    /// The kind of server, if it was set explicitly.
    server: Option<&'static Server>,
}

impl Provider for OpenAi {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        self.endpoint.able(self.server().capabilities(model))
    }

    fn address(&self) -> Option<(String, u16)> {
        self.endpoint.address()
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let able = Provider::capabilities(self, &request.model);
            let server = self.server();
            if !(request.tools.is_empty() || able.tools) {
                return Err(no_tools(&request.model));
            }
            let effort = self.effort(request, server);
            let body = body::body(request, &self.endpoint.name, able, server, effort)?;
            let url = format!("{}/chat/completions", self.endpoint.base());
            self.endpoint.ask(url, sign, &body, |body| reply::reply(body, &self.endpoint.name)).await
        })
    }
}

impl OpenAi {
    /// The effort to send. Configured levels apply beside tools as well.
    fn effort(&self, request: &Request, server: &Server) -> Option<&'static str> {
        let model = &request.model;
        let limit = server.with_tools(model).filter(|_| !request.tools.is_empty() && self.endpoint.efforts.is_none());
        match limit {
            Some(limit) => limit.effort(),
            None => self.endpoint.effort(model, server.effort(model)),
        }
    }
}

fn no_tools(model: &Model) -> Failure {
    let text = format!(
        "`{}` takes tools only through OpenAI's Responses API, which is not supported; ask another model",
        model.id()
    );
    Failure::new(FailureKind::InvalidRequest, text)
}

fn sign(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => post.bearer_auth(key.reveal()),
        None => post,
    }
}
