//! OpenAI, and every server that offers one of its APIs.

pub(super) mod api;
mod attached;
mod azure;
mod body;
mod called;
mod delta;
mod effort_with_tools;
mod ending;
mod joined;
mod messages;
mod ollama;
mod options;
mod prepare;
mod refused;
mod reply;
mod responses;
mod server;
mod stream;
mod tools;
mod usage;

use reqwest::RequestBuilder;
use serde_json::Value;

use super::http::{Endpoint, Key, line};
use super::tokens::Tokens;
use super::{BoxFuture, Capabilities, Deltas, Failure, Model, Provider, Reply, Request};
use api::Api;
use azure::Azure;
use refused::{Accepted, Form};
use server::Server;
use stream::Chat;

/// OpenAI, or a server with a compatible API.
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
/// # Azure
///
/// ```
/// use flow_runtime::provider::{Model, OpenAi};
///
/// // Serves `azure/NAME`, where NAME is a deployment.
/// let azure = OpenAi::azure("https://my-resource.openai.azure.com", "key");
/// // A deployment with another name than its model, and URLs with a version in them.
/// let older = azure.deployment("fast", Model::new("openai/gpt-5-mini")).api_version("2024-10-21");
/// ```
///
/// A deployment that is named like its model (`gpt-5-mini`, `gpt-4o-2024-11-20`) is recognised; the others are treated like a current
/// chat model of OpenAI until [`deployment`](OpenAi::deployment) names their model. Prices depend on the kind of deployment, so the
/// price table has none for `azure`: set them on the [`Model`], with `Builder::prices`, or in `flow.toml`.
///
/// # The Responses API
///
/// OpenAI serves its `-pro`, `-codex` and deep-research models only through its Responses API, and offers tools beside reasoning
/// from GPT-5.4 on only there. Such requests go to that API, all others to chat completions; a conversation may change from one to
/// the other. [`responses`](OpenAi::responses) and [`chat_completions`](OpenAi::chat_completions) override this. Other servers are
/// asked through chat completions unless told otherwise.
///
/// Responses are not stored at the endpoint. The reasoning before a tool call is sent back encrypted.
///
/// If chat completions are set, requests with tools go to GPT-5.6 and GPT-6 with the effort `none`, to GPT-5.4 and GPT-5.5 without
/// one, and to GPT-6.1 and GPT-6 Astra not at all, whatever [effort](Model::effort) the model sets;
/// [`effort_levels`](OpenAi::effort_levels) overrides this.
#[derive(Debug)]
pub struct OpenAi {
    endpoint: Endpoint,
    /// The kind of server, if it was set explicitly.
    server: Option<&'static Server>,
    /// The API, if it was set explicitly.
    api: Option<Api>,
    /// What is different at Azure.
    azure: Option<Azure>,
    /// Tokens that take the place of the key.
    tokens: Option<Tokens>,
    /// How models stream that do not do it as usual.
    accepted: Accepted,
}

impl Provider for OpenAi {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        let model = self.known(model);
        self.endpoint.able(|| {
            let able = self.server().capabilities(&model);
            let able = able.tools(able.tools || self.api(&model, true) == Api::Responses);
            match self.api(&model, false) {
                Api::Chat => able,
                Api::Responses => able.media(able.media.and(responses::MEDIA)),
            }
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

impl OpenAi {
    /// Streams the answer if there is somewhere to put its pieces.
    async fn answer(&self, request: &Request, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let Some(tokens) = &self.tokens else {
            let sign = if self.azure.is_some() { sign_for_azure } else { sign };
            return self.send(request, sign, deltas).await;
        };
        let token = tokens.next().await?;
        let answer = self.send(request, |post, _| sign(post, Some(&token)), deltas).await;
        answer.map_err(|failure| token.hide(failure))
    }

    async fn send(
        &self,
        request: &Request,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        deltas: Option<&Deltas>,
    ) -> Result<Reply, Failure> {
        let (api, url, mut body) = self.prepare(request)?;
        let name = &self.endpoint.name;
        let read = |body: &Value| match api {
            Api::Chat => reply::reply(body, name),
            Api::Responses => responses::reply(body, name),
        };
        let Some(deltas) = deltas else { return self.endpoint.ask(url, sign, &body, read).await };
        let mut form = self.accepted.form(&request.model, self.usual_form(api));
        loop {
            form.put(&mut body);
            let outcome = match (form, api) {
                (Form::Whole, _) => {
                    let reply = self.endpoint.ask(url.clone(), &sign, &body, read).await;
                    reply.inspect(|reply| deltas.text(&reply.text()))
                }
                (_, Api::Chat) => {
                    let to = (Chat::default(), deltas);
                    self.endpoint.stream(url.clone(), &sign, &body, to, read).await
                }
                (_, Api::Responses) => {
                    let to = (responses::Stream::default(), deltas);
                    self.endpoint.stream(url.clone(), &sign, &body, to, read).await
                }
            };
            match outcome.as_ref().err().and_then(|failure| form.instead(failure)) {
                Some(other) => form = other,
                None => return outcome,
            }
            self.accepted.remember(&request.model, form);
        }
    }

    fn usual_form(&self, api: Api) -> Form {
        match api {
            Api::Chat if self.server().stream_options => Form::Counted,
            // Responses report their tokens without being asked to.
            Api::Chat | Api::Responses => Form::Plain,
        }
    }
}

fn sign(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => post.bearer_auth(key.reveal()),
        None => post,
    }
}

fn sign_for_azure(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => post.header("api-key", key.reveal()),
        None => post,
    }
}
