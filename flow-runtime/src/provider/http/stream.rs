//! An answer that arrives in pieces, folded into the body that the endpoint would have sent at once.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::endpoint::{Endpoint, Sent};
use super::fold::Fold;
use super::key::Key;
use super::sse::{Event, Reader, TooLarge};
use super::text::excerpt;
use super::{error, form, repair, transport};
use crate::provider::{Deltas, Failure, FailureKind, Reply};

/// How long to wait for the end of a response after the end of its answer. A connection that was read to its end is used again.
const ENDING: Duration = Duration::from_millis(50);

/// The data that ends a stream in OpenAI's dialect.
const DONE: &[u8] = b"[DONE]";

impl Endpoint {
    /// Posts a body once, and puts the text of the answer into `deltas` while it arrives. `read` reads the folded body as it
    /// reads one that comes at once, which servers that do not stream may send.
    pub(in crate::provider) async fn stream<F: Fold>(
        &self,
        url: String,
        sign: impl Fn(RequestBuilder, Option<&Key>) -> RequestBuilder,
        body: &Value,
        (fold, deltas): (F, &Deltas),
        read: impl Fn(&Value) -> Result<Reply, Failure> + Send,
    ) -> Result<Reply, Failure> {
        let outcome = match self.send(url, sign, body).await {
            Ok(sent) if sent.response.status() == StatusCode::OK => self.follow(sent, fold, deltas, read).await,
            Ok(sent) => self.refusal(sent.response).await.inspect(|reply| deltas.text(&reply.text())),
            Err(failure) => Err(failure),
        };
        outcome.map_err(|failure| self.without_key(failure))
    }

    async fn follow<F: Fold>(
        &self,
        mut sent: Sent,
        mut fold: F,
        deltas: &Deltas,
        read: impl Fn(&Value) -> Result<Reply, Failure> + Send,
    ) -> Result<Reply, Failure> {
        let (start, is_stream) = match form::start(&mut sent.response).await {
            Ok(start) => start,
            Err(error) => return Err(told(broken(error), fold, read)),
        };
        if !is_stream {
            let reply = self.whole(start, sent, |body| read(&*joined(body, fold)?)).await?;
            deltas.text(&reply.text());
            return Ok(reply);
        }
        let (limit, stall) = (self.max_response_bytes, self.patience.stall);
        let mut stream = Stream { response: sent.response, incoming: Incoming::new(limit), stall };
        match stream.read(&start, &mut fold, deltas).await {
            Ok(()) => finished(&fold.body(), read),
            Err(failure) => Err(told(failure, fold, read)),
        }
    }
}

/// A response that is read event by event.
struct Stream {
    response: Response,
    incoming: Incoming,
    stall: Duration,
}

impl Stream {
    /// Reads to the end of the answer.
    async fn read(&mut self, start: &[u8], fold: &mut impl Fold, deltas: &Deltas) -> Result<(), Failure> {
        let mut is_over = self.incoming.take(start, fold, deltas)?;
        while !is_over {
            let arrived = timeout(self.stall, self.response.chunk()).await.map_err(|_| stalled(self.stall))?;
            match arrived.map_err(broken)? {
                Some(bytes) => is_over = self.incoming.take(&bytes, fold, deltas)?,
                None => return self.incoming.end(fold, deltas),
            }
        }
        let rest = async { while let Ok(Some(_)) = self.response.chunk().await {} };
        // A server that keeps the connection open is not waited for.
        let _ = timeout(ENDING, rest).await;
        Ok(())
    }
}

/// What has arrived of a stream.
struct Incoming {
    events: Reader,
    limit: usize,
}

impl Incoming {
    fn new(limit: usize) -> Self {
        Self { events: Reader::new(limit), limit }
    }

    /// Adds the events that end within these bytes. Returns whether the stream ends with one of them.
    fn take(&mut self, mut bytes: &[u8], fold: &mut impl Fold, deltas: &Deltas) -> Result<bool, Failure> {
        let too_large = || transport::too_large(self.limit);
        while let Some(event) = self.events.next(&mut bytes).map_err(|TooLarge| too_large())? {
            if add(event, fold, deltas)? {
                return Ok(true);
            }
            if fold.size() > self.limit {
                return Err(too_large());
            }
        }
        Ok(false)
    }

    /// Ends a stream that the server has closed. Half an event at its end is no event.
    fn end(&mut self, fold: &mut impl Fold, deltas: &Deltas) -> Result<(), Failure> {
        if let Some(event) = self.events.rest()
            && (event.data.trim_ascii() == DONE || repair::parse(event.data).is_ok())
            && add(event, fold, deltas)?
        {
            return Ok(());
        }
        if fold.is_complete() { Ok(()) } else { Err(cut()) }
    }
}

/// Adds an event. Returns whether the stream ends with it.
fn add(event: Event<'_>, fold: &mut impl Fold, deltas: &Deltas) -> Result<bool, Failure> {
    let data = event.data.trim_ascii();
    if data == DONE {
        fold.done();
        return if fold.is_complete() { Ok(true) } else { Err(cut()) };
    }
    if event.name == b"error" {
        return fold.add(error_in(data), deltas).map(|_| true);
    }
    if data.is_empty() {
        return Ok(false);
    }
    match repair::parse(data) {
        Ok(Value::Array(chunks)) => add_all(chunks, fold, deltas),
        Ok(chunk) => fold.add(chunk, deltas),
        Err(error) => {
            let text = format!("the stream contains an event that is not JSON: {error}");
            Err(Failure::new(FailureKind::Transport, text))
        }
    }
}

fn add_all(chunks: Vec<Value>, fold: &mut impl Fold, deltas: &Deltas) -> Result<bool, Failure> {
    for chunk in chunks {
        if fold.add(chunk, deltas)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The chunk of an event that is an error by its name.
fn error_in(data: &[u8]) -> Value {
    let said = repair::parse(data).unwrap_or_else(|_| String::from_utf8_lossy(data).into());
    if said.get("error").is_some_and(|error| !error.is_null()) { said } else { json!({ "error": said }) }
}

/// A body that came at once. Gemini sends a list of chunks if it was not asked for events.
fn joined<F: Fold>(body: &Value, mut fold: F) -> Result<Cow<'_, Value>, Failure> {
    match body {
        Value::Array(chunks) if chunks.len() > 1 => {
            let is_over = add_all(chunks.clone(), &mut fold, &Deltas::new())?;
            if is_over || fold.is_complete() { Ok(Cow::Owned(fold.body())) } else { Err(cut()) }
        }
        _ => Ok(Cow::Borrowed(body)),
    }
}

/// Reads a body whose stream has ended, maybe with an error.
fn finished(body: &Value, read: impl Fn(&Value) -> Result<Reply, Failure>) -> Result<Reply, Failure> {
    read(body).or_else(|failure| match error::answer_within(body) {
        Some(text) => Ok(Reply::new(text).usage(*failure.usage)),
        None => Err(Failure { status: Some(200), body: kept(body), ..failure }),
    })
}

/// Adds what the stream told before it failed.
fn told(failure: Failure, fold: impl Fold, read: impl Fn(&Value) -> Result<Reply, Failure>) -> Failure {
    let body = fold.body();
    let usage = match read(&body) {
        Ok(reply) => reply.usage,
        Err(failure) => *failure.usage,
    };
    Failure { status: Some(200), body: kept(&body), ..failure.usage(usage) }
}

fn kept(body: &Value) -> Option<String> {
    let is_there = body.as_object().is_some_and(|fields| !fields.is_empty());
    is_there.then(|| excerpt(body.to_string().as_bytes()))
}

fn cut() -> Failure {
    Failure::new(FailureKind::Transport, "the stream ended before the answer did")
}

fn broken(error: reqwest::Error) -> Failure {
    let failure = transport::failure(error);
    match failure.kind {
        FailureKind::Transport => {
            let message = format!("{}: {}", cut().message, failure.message);
            Failure { message, ..failure }
        }
        _ => failure,
    }
}

fn stalled(limit: Duration) -> Failure {
    let text = format!("the stream stalled: nothing arrived for {limit:?}, the limit set by `stream_idle_timeout`");
    Failure::new(FailureKind::Transport, text)
}
