//! An answer that arrives in pieces, folded into the body that the endpoint would have sent at once.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use super::endpoint::{Endpoint, Sent};
use super::fold::Fold;
use super::key::Key;
use super::text::excerpt;
use super::wire::{Next, Wire};
use super::{error, form, transport};
use crate::provider::{Deltas, Failure, FailureKind, Reply};

/// How long to wait for the end of a response after the end of its answer. A connection that was read to its end is used again.
const ENDING: Duration = Duration::from_millis(50);

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
        let (start, is_stream) = match form::start::<F::Wire>(&mut sent.response).await {
            Ok(start) => start,
            Err(error) => return Err(told(broken(error), fold, read)),
        };
        if !is_stream {
            let reply = self.whole(start, sent, |body| read(&*joined(body, fold)?)).await?;
            deltas.text(&reply.text());
            return Ok(reply);
        }
        let (limit, stall) = (self.max_response_bytes, self.patience.stall);
        let mut stream = Stream { response: sent.response, incoming: Incoming::<F::Wire>::new(limit), stall };
        match stream.read(&start, &mut fold, deltas).await {
            Ok(()) => finished(&fold.body(), read),
            Err(failure) => Err(told(failure, fold, read)),
        }
    }
}

/// A response that is read chunk by chunk.
struct Stream<W> {
    response: Response,
    incoming: Incoming<W>,
    stall: Duration,
}

impl<W: Wire> Stream<W> {
    /// Reads to the end of the answer.
    async fn read(&mut self, start: &[u8], fold: &mut impl Fold, deltas: &Deltas) -> Result<(), Failure> {
        let mut is_over = self.incoming.take(start, fold, deltas)?;
        while !is_over {
            let arrived = timeout(self.stall, self.response.chunk()).await;
            let arrived = arrived.map_err(|_| stalled(self.stall)).and_then(|arrived| arrived.map_err(broken));
            match arrived {
                Ok(Some(bytes)) => is_over = self.incoming.take(&bytes, fold, deltas)?,
                Ok(None) => return self.incoming.end(fold, deltas),
                // Whatever is missing was not part of the answer.
                Err(_) if fold.is_complete() => return Ok(()),
                Err(failure) => return Err(failure),
            }
        }
        let rest = async { while let Ok(Some(_)) = self.response.chunk().await {} };
        // A server that keeps the connection open is not waited for.
        let _ = timeout(ENDING, rest).await;
        Ok(())
    }
}

/// What has arrived of a stream.
struct Incoming<W> {
    wire: W,
    limit: usize,
}

impl<W: Wire> Incoming<W> {
    fn new(limit: usize) -> Self {
        Self { wire: W::new(limit), limit }
    }

    /// Adds the chunks that end within these bytes. Returns whether the stream ends with one of them.
    fn take(&mut self, mut bytes: &[u8], fold: &mut impl Fold, deltas: &Deltas) -> Result<bool, Failure> {
        while let Some(next) = self.wire.next(&mut bytes)? {
            if add(next, fold, deltas)? {
                return Ok(true);
            }
            if fold.size() > self.limit {
                return Err(transport::too_large(self.limit));
            }
        }
        Ok(false)
    }

    /// Ends a stream that the server has closed.
    fn end(&mut self, fold: &mut impl Fold, deltas: &Deltas) -> Result<(), Failure> {
        let is_over = match self.wire.rest() {
            Some(next) => add(next, fold, deltas)?,
            None => false,
        };
        if is_over || fold.is_complete() { Ok(()) } else { Err(cut()) }
    }
}

/// Adds what a stream says. Returns whether the stream ends with it.
fn add(next: Next, fold: &mut impl Fold, deltas: &Deltas) -> Result<bool, Failure> {
    match next {
        Next::Chunk(Value::Array(chunks)) => add_all(chunks, fold, deltas),
        Next::Chunk(chunk) => fold.add(chunk, deltas),
        Next::Error(chunk) => fold.add(chunk, deltas).map(|_| true),
        Next::Done => {
            fold.done();
            if fold.is_complete() { Ok(true) } else { Err(cut()) }
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
