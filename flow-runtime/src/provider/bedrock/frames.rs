//! Frames of AWS event streams as chunks.
//!
//! See <https://smithy.io/2.0/aws/amazon-eventstream.html>.

use aws_smithy_eventstream::frame::read_message_from;
use serde_json::{Value, json};

use crate::provider::http::events::parsed;
use crate::provider::http::line;
use crate::provider::http::transport::too_large;
use crate::provider::http::wire::{Next, Wire};
use crate::provider::{Failure, FailureKind};

/// The bytes that tell how long a frame is, itself included.
const LENGTH: usize = 4;

/// The length of a frame without headers and payload: its prelude and two checksums.
const SHORTEST: usize = 16;

/// Capacity that the buffer keeps between frames.
const KEPT: usize = 16 * 1024;

/// A stream of frames. An event becomes an object with its type as the only field.
pub(super) struct Frames {
    /// The current frame, as far as it has arrived.
    frame: Vec<u8>,
    /// Bytes that a frame may have.
    limit: usize,
}

impl Wire for Frames {
    const TYPE: &'static str = "application/vnd.amazon.eventstream";

    fn new(limit: usize) -> Self {
        Self { frame: Vec::new(), limit }
    }

    /// The first byte of a frame is zero, because frames are shorter than 16 MiB.
    fn is_stream(start: &[u8], is_declared: bool) -> Option<bool> {
        match start.first() {
            Some(0) => Some(true),
            Some(b'{' | b'[' | b'<') => Some(false),
            Some(_) => Some(is_declared),
            None => None,
        }
    }

    fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Next>, Failure> {
        loop {
            if !(self.fill(LENGTH, bytes) && self.fill(self.length()?, bytes)) {
                return Ok(None);
            }
            let next = read(&self.frame);
            self.frame.clear();
            self.frame.shrink_to(KEPT);
            if let Some(next) = next? {
                return Ok(Some(next));
            }
        }
    }

    /// A frame that was cut off says nothing.
    fn rest(&mut self) -> Option<Next> {
        None
    }
}

impl Frames {
    /// Moves bytes to the frame until it has this many. Returns whether it has.
    fn fill(&mut self, length: usize, bytes: &mut &[u8]) -> bool {
        let missing = length.saturating_sub(self.frame.len()).min(bytes.len());
        let (taken, rest) = bytes.split_at(missing);
        self.frame.extend_from_slice(taken);
        *bytes = rest;
        self.frame.len() >= length
    }

    /// The length of the frame, which its first bytes tell.
    fn length(&self) -> Result<usize, Failure> {
        let length = self.frame.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
        match length {
            ..SHORTEST => Err(broken("it is too short")),
            length if length > self.limit => Err(too_large(self.limit)),
            length => Ok(length),
        }
    }
}

/// Reads a whole frame; `None` if it says nothing. Checks both checksums.
fn read(frame: &[u8]) -> Result<Option<Next>, Failure> {
    let message = read_message_from(frame).map_err(|error| broken(&error.to_string()))?;
    let header = |name: &str| {
        let header = message.headers().iter().find(|header| header.name().as_str() == name);
        header.and_then(|header| header.value().as_string().ok()).map(|value| value.as_str())
    };
    let payload = message.payload();
    Ok(match header(":message-type") {
        Some("exception") => Some(Next::Error(exception(header(":exception-type").unwrap_or_default(), payload))),
        Some("error") => {
            let error = json!({"code": header(":error-code"), "message": header(":error-message")});
            Some(Next::Error(json!({ "error": error })))
        }
        _ => match header(":event-type") {
            Some(kind) => Some(Next::Chunk(json!({ kind: parsed(payload)? }))),
            None => None,
        },
    })
}

/// An exception, in the form of an error with a type.
fn exception(kind: &str, payload: &[u8]) -> Value {
    let mut error = match parsed(payload) {
        Ok(Value::Object(error)) => Value::Object(error),
        _ => json!({"message": String::from_utf8_lossy(payload)}),
    };
    error["type"] = kind.into();
    json!({ "error": error })
}

fn broken(why: &str) -> Failure {
    Failure::new(FailureKind::Transport, format!("the stream contains a frame that cannot be read: {}", line(why)))
}

#[cfg(test)]
mod tests;
