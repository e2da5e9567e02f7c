//! OpenAI, and every server that offers its chat completions API.

mod attached;
mod body;
mod called;
mod delta;
mod effort_with_tools;
mod ending;
mod joined;
mod messages;
mod ollama;
mod options;
mod refused;
mod reply;
mod server;
mod stream;
mod tools;
mod usage;

use reqwest::RequestBuilder;
use serde_json::Value;

use super::http::{Endpoint, Key, line};
use super::{BoxFuture, Capabilities, Deltas, Failure, FailureKind, Model, Provider, Reply, Request};
use refused::{Accepted, Form};
use server::Server;
use stream::Chat;

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
    /// How models stream that do not do it as usual.
    accepted: Accepted,
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
            let body = self.body(request)?;
            self.ask(&body).await
        })
    }

    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let mut body = self.body(request)?;
            let usual = if self.server().stream_options { Form::Counted } else { Form::Plain };
            let mut form = self.accepted.form(&request.model, usual);
            loop {
                form.put(&mut body);
                let outcome = match form {
                    Form::Whole => self.ask(&body).await.inspect(|reply| deltas.text(&reply.text())),
                    Form::Counted | Form::Plain => self.follow(&body, deltas).await,
                };
                match outcome.as_ref().err().and_then(|failure| form.instead(failure)) {
                    Some(other) => form = other,
                    None => return outcome,
                }
                self.accepted.remember(&request.model, form);
            }
        })
    }
}

impl OpenAi {
    fn body(&self, request: &Request) -> Result<Value, Failure> {
        let able = Provider::capabilities(self, &request.model);
        let server = self.server();
        if !(request.tools.is_empty() || able.tools) {
            return Err(no_tools(&request.model));
        }
        body::body(request, &self.endpoint.name, able, server, self.effort(request, server))
    }

    async fn ask(&self, body: &Value) -> Result<Reply, Failure> {
        self.endpoint.ask(self.url(), sign, body, |body| reply::reply(body, &self.endpoint.name)).await
    }

    async fn follow(&self, body: &Value, deltas: &Deltas) -> Result<Reply, Failure> {
        let to = (Chat::default(), deltas);
        self.endpoint.stream(self.url(), sign, body, to, |body| reply::reply(body, &self.endpoint.name)).await
    }

    fn url(&self) -> String {
        format!("{}/chat/completions", self.endpoint.base())
    }

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
