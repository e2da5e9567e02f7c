//! Amazon Bedrock, through its Converse API.

mod blocks;
mod body;
mod credentials;
mod frames;
mod messages;
mod models;
mod options;
mod reply;
mod sign;
mod stream;
mod tools;
mod unstreamed;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub use credentials::{AwsCredentials, AwsCredentialsSource};
use reqwest::{RequestBuilder, Url};
use serde_json::Value;

use super::http::{Endpoint, Key, segment};
use super::{BoxFuture, Capabilities, Deltas, Failure, FailureKind, Model, Provider, Reply, Request};
use sign::Scope;
use stream::Converse;
use unstreamed::Unstreamed;

/// The name of the service in signatures.
const SERVICE: &str = "bedrock";

/// Models on Amazon Bedrock, through its Converse API.
///
/// ```
/// use flow_runtime::provider::{AwsCredentials, Bedrock};
///
/// // Serves `bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0`.
/// let bedrock = Bedrock::new("us-east-1", "bedrock-api-key-…");
/// let signed = Bedrock::signed("us-east-1", AwsCredentials::new("AKIA…", "secret"));
/// ```
///
/// Names are ids of models or of inference profiles, which many models need (`us.…`, `global.…`), or ARNs.
///
/// A schema is sent as `outputConfig.textFormat` to the models that take one: Claude from 4.5 on, and most open models. The others
/// read it in the prompt. For an ARN that does not end with the name of a model, set the
/// [capabilities](Bedrock::capabilities).
///
/// Models that refuse to stream, as Llama does with tools, are asked for whole answers.
///
/// The [effort](Model::effort) is sent to gpt-oss and to Claude from 4.6 on. The thoughts of Claude are sent back with their
/// signatures.
pub struct Bedrock {
    endpoint: Endpoint,
    region: String,
    /// Signs requests that have no key.
    source: Option<Arc<dyn AwsCredentialsSource>>,
    /// Models that refused to stream.
    unstreamed: Unstreamed,
}

impl Provider for Bedrock {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        self.endpoint.able(|| models::capabilities(model).media(messages::MEDIA))
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

impl Bedrock {
    /// Streams the answer if there is somewhere to put its pieces. If the model refuses to stream, asks for the whole answer.
    async fn answer(&self, request: &Request, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let able = Provider::capabilities(self, &request.model);
        if !(request.tools.is_empty() || able.tools) {
            let text = format!("`{}` takes no tools on Bedrock; ask another model", request.model.id());
            return Err(Failure::new(FailureKind::InvalidRequest, text));
        }
        let body = body::body(request, &self.endpoint.name, able.schema, self.level(&request.model))?;
        let url = format!("{}/model/{}/converse", self.endpoint.base(), segment(request.model.api_name()));
        let Some(deltas) = deltas else { return self.ask(url, &body, None).await };
        if !self.unstreamed.contains(request) {
            match self.ask(format!("{url}-stream"), &body, Some(deltas)).await {
                Err(failure) if unstreamed::is_refusal(&failure) => self.unstreamed.remember(request),
                outcome => return outcome,
            }
        }
        self.ask(url, &body, None).await.inspect(|reply| deltas.text(&reply.text()))
    }

    /// The level of effort to send, if the model has a field for it.
    fn level(&self, model: &Model) -> Option<&'static str> {
        let effort = model.get_effort()?;
        models::effort_field(model)?;
        match self.endpoint.efforts {
            Some(levels) => levels.nearest(effort),
            None => Some(models::level(effort)),
        }
    }

    async fn ask(&self, url: String, body: &Value, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let Some(source) = self.source.as_ref().filter(|_| self.endpoint.key.is_none()) else {
            return self.send(url, sign_with_key, body, deltas).await;
        };
        let credentials = source.credentials().await?;
        let headers = self.signature(&url, body, &credentials)?;
        let answer = self.send(url, |post, _| post.headers(headers.clone()), body, deltas).await;
        answer.map_err(|failure| match &credentials.session {
            Some(token) => token.hide(failure),
            None => failure,
        })
    }

    async fn send(
        &self,
        url: String,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        body: &Value,
        deltas: Option<&Deltas>,
    ) -> Result<Reply, Failure> {
        let read = |body: &Value| reply::reply(body, &self.endpoint.name);
        match deltas {
            Some(deltas) => self.endpoint.stream(url, sign, body, (Converse::default(), deltas), read).await,
            None => self.endpoint.ask(url, sign, body, read).await,
        }
    }

    /// The headers that sign a request. A URL that cannot be read is not sent, so its signature does not matter.
    fn signature(
        &self,
        url: &str,
        body: &Value,
        credentials: &AwsCredentials,
    ) -> Result<reqwest::header::HeaderMap, Failure> {
        // Signed as it is sent.
        let Ok(url) = Url::parse(url.trim()) else { return Ok(reqwest::header::HeaderMap::new()) };
        let body = serde_json::to_vec(body).map_err(|error| {
            Failure::new(FailureKind::InvalidRequest, format!("the request cannot be written: {error}"))
        })?;
        let scope = Scope { region: &self.region, service: SERVICE, time: SystemTime::now() };
        sign::headers(url.as_str(), &body, credentials, scope)
    }
}

fn sign_with_key(post: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => post.bearer_auth(key.reveal()),
        None => post,
    }
}

impl fmt::Debug for Bedrock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_signed = self.source.is_some();
        f.debug_struct("Bedrock")
            .field("endpoint", &self.endpoint)
            .field("is_signed", &is_signed)
            .finish_non_exhaustive()
    }
}
