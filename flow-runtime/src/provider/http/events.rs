//! Server-sent events as chunks.

use serde_json::{Value, json};

use super::sse::{Event, Reader, TooLarge};
use super::wire::{Next, Wire};
use super::{form, repair, transport};
use crate::provider::{Failure, FailureKind};

/// The data that ends a stream in OpenAI's dialect.
const DONE: &[u8] = b"[DONE]";

/// A stream of events whose data are JSON.
pub(in crate::provider) struct Events {
    reader: Reader,
    limit: usize,
}

impl Wire for Events {
    const TYPE: &'static str = "text/event-stream";

    fn new(limit: usize) -> Self {
        Self { reader: Reader::new(limit), limit }
    }

    fn is_stream(start: &[u8], is_declared: bool) -> Option<bool> {
        form::is_events(start, is_declared)
    }

    fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Next>, Failure> {
        while let Some(event) = self.reader.next(bytes).map_err(|TooLarge| transport::too_large(self.limit))? {
            if let Some(next) = read(event)? {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }

    /// Some servers omit the last empty line; anything else that was cut off is dropped.
    fn rest(&mut self) -> Option<Next> {
        let event = self.reader.rest()?;
        let is_whole = event.data.trim_ascii() == DONE || repair::parse(event.data).is_ok();
        is_whole.then(|| read(event).ok().flatten()).flatten()
    }
}

/// Reads an event; `None` if it says nothing.
fn read(event: Event<'_>) -> Result<Option<Next>, Failure> {
    let data = event.data.trim_ascii();
    if data == DONE {
        return Ok(Some(Next::Done));
    }
    if event.name == b"error" {
        return Ok(Some(Next::Error(error_in(data))));
    }
    if data.is_empty() {
        return Ok(None);
    }
    parsed(data).map(|chunk| Some(Next::Chunk(chunk)))
}

/// Parses the data of an event.
pub(in crate::provider) fn parsed(data: &[u8]) -> Result<Value, Failure> {
    repair::parse(data).map_err(|error| {
        let text = format!("the stream contains an event that is not JSON: {error}");
        Failure::new(FailureKind::Transport, text)
    })
}

/// The chunk of an event that is an error by its name.
fn error_in(data: &[u8]) -> Value {
    let said = repair::parse(data).unwrap_or_else(|_| String::from_utf8_lossy(data).into());
    if said.get("error").is_some_and(|error| !error.is_null()) { said } else { json!({ "error": said }) }
}
