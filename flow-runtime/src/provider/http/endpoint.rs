//! The endpoint of an API, and one request to it.

use std::sync::OnceLock;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;

use super::key::Key;
use super::text::excerpt;
use super::transport::{self, Body, Patience};
use super::{address, error, repair};
use crate::provider::{Capabilities, EffortLevels, Failure, FailureKind, MediaKinds, Model, Reply, effort};

const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// The address of an API, its credentials and its limits.
#[derive(Debug)]
pub(in crate::provider) struct Endpoint {
    pub(in crate::provider) name: String,
    pub(in crate::provider) base_url: String,
    pub(in crate::provider) key: Option<Key>,
    pub(in crate::provider) capabilities: Option<Capabilities>,
    /// The configured kinds of attachments, if any.
    pub(in crate::provider) media: Option<MediaKinds>,
    /// Whether requests may have tools, if it was configured.
    pub(in crate::provider) tools: Option<bool>,
    /// The configured effort levels, if any.
    pub(in crate::provider) efforts: Option<EffortLevels>,
    pub(in crate::provider) max_response_bytes: usize,
    pub(super) patience: Patience,
    /// Created at the first request, when all options are known.
    client: OnceLock<Client>,
}

impl Endpoint {
    pub(in crate::provider) fn new(name: impl Into<String>, base_url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            base_url: base_url.into(),
            key: None,
            capabilities: None,
            media: None,
            tools: None,
            efforts: None,
            max_response_bytes: MAX_RESPONSE_BYTES,
            patience: Patience::default(),
            client: OnceLock::new(),
        }
    }

    /// Changes the timeouts, and drops a client built with the previous ones.
    pub(in crate::provider) fn wait(&mut self, change: impl FnOnce(&mut Patience)) {
        change(&mut self.patience);
        self.client = OnceLock::new();
    }

    /// The configured capabilities, or else the usual ones. Kinds of attachments in them narrow the usual ones; only an explicit
    /// setting widens or forbids them.
    pub(in crate::provider) fn able(&self, usual: impl FnOnce() -> Capabilities) -> Capabilities {
        let usual = usual();
        let able = self.capabilities.map_or(usual, |able| match able.media {
            MediaKinds::NONE => able.media(usual.media),
            kinds => able.media(kinds.and(usual.media)),
        });
        let able = self.media.map_or(able, |kinds| able.media(kinds));
        able.tools(self.tools.unwrap_or(able.tools))
    }

    /// The effort level to send: the nearest configured one, or else the one in the table.
    pub(in crate::provider) fn effort(&self, model: &Model, table: effort::Table) -> Option<&'static str> {
        match self.efforts {
            Some(levels) => model.get_effort().and_then(|effort| levels.nearest(effort)),
            None => effort::word(table, model),
        }
    }

    /// The host and port of the endpoint.
    pub(in crate::provider) fn address(&self) -> Option<(String, u16)> {
        let url = Url::parse(self.base()).ok()?;
        Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
    }

    /// The base URL without a trailing slash.
    pub(in crate::provider) fn base(&self) -> &str {
        self.base_url.trim_end_matches('/')
    }

    /// The base URL, with a version appended unless it has one.
    pub(in crate::provider) fn versioned(&self, version: &str) -> String {
        let base = self.base();
        let last = base.rsplit('/').next().unwrap_or_default();
        let is_version = last.starts_with('v') && last[1..].starts_with(|letter: char| letter.is_ascii_digit());
        if is_version { base.to_owned() } else { format!("{base}/{version}") }
    }

    /// Posts a body once, signed with the key if there is one, and reads the JSON of the response with `read`.
    pub(in crate::provider) async fn ask(
        &self,
        url: String,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        body: &Value,
        read: impl Fn(&Value) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let outcome = self.attempt(url, sign, body, read).await;
        outcome.map_err(|failure| self.without_key(failure))
    }

    async fn attempt(
        &self,
        url: String,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        body: &Value,
        read: impl Fn(&Value) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let sent = self.send(url, sign, body).await?;
        if sent.response.status() != StatusCode::OK {
            return self.refusal(sent.response).await;
        }
        self.whole(Vec::new(), sent, read).await
    }

    /// Posts a body once, up to the head of the response.
    pub(super) async fn send(
        &self,
        url: String,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        body: &Value,
    ) -> Result<Sent, Failure> {
        let url = address::checked(&self.base_url, &url)?;
        let post = sign(self.client()?.post(url.clone()).json(body), self.key.as_ref());
        let response = post.send().await.map_err(|error| transport::failure_at(error, &url))?;
        Ok(Sent { response, to: address::shown(&url) })
    }

    /// Reads a response with another status than 200.
    pub(super) async fn refusal(&self, response: Response) -> Result<Reply, Failure> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = transport::read(Vec::new(), response, self.max_response_bytes).await;
        match repair::parse(&body.bytes).ok().as_ref().and_then(error::answer_within) {
            Some(text) => Ok(Reply::new(text)),
            None => Err(error::failure(status, &headers, &body.bytes)),
        }
    }

    /// Reads the rest of a body that comes as one piece of JSON.
    pub(super) async fn whole(
        &self,
        start: Vec<u8>,
        sent: Sent,
        read: impl FnOnce(&Value) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let headers = sent.response.headers().clone();
        let body = transport::read(start, sent.response, self.max_response_bytes).await;
        answer(body, &headers, &sent.to, read)
    }

    fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = transport::client(self.patience)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Hides the key everywhere in a failure, in case an endpoint repeats it.
    pub(super) fn without_key(&self, failure: Failure) -> Failure {
        match &self.key {
            Some(key) => key.hide(failure),
            None => failure,
        }
    }
}

/// A response whose body has not been read, and its URL as failures show it.
pub(super) struct Sent {
    pub(super) response: Response,
    pub(super) to: String,
}

/// Reads the body of a 200 response.
fn answer(
    body: Body,
    headers: &HeaderMap,
    url: &str,
    read: impl FnOnce(&Value) -> Result<Reply, Failure>,
) -> Result<Reply, Failure> {
    let kept = || Some(excerpt(&body.bytes)).filter(|text| !text.is_empty());
    if let Some(broken) = body.broken {
        return Err(Failure { status: Some(200), body: kept(), ..broken });
    }
    let value = repair::parse(&body.bytes).map_err(|error| {
        let what = if is_json(headers) {
            format!("a body that is not JSON: {error}")
        } else {
            error::not_json(headers, &body.bytes)
        };
        let message = format!("{url} answered 200 OK with {what}");
        Failure { status: Some(200), body: kept(), ..Failure::new(FailureKind::Transport, message) }
    })?;
    read(&value).map_err(|failure| Failure { status: Some(200), body: kept(), ..failure })
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("json"))
}
