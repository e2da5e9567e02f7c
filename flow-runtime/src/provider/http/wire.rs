//! How the bytes of a stream become chunks.

use serde_json::Value;

use crate::provider::Failure;

/// Splits the bytes of a stream into chunks as they arrive.
pub(in crate::provider) trait Wire: Send + Sized {
    /// The content type of such a stream.
    const TYPE: &'static str;

    /// Starts a stream whose chunks may have this many bytes each.
    fn new(limit: usize) -> Self;

    /// Whether a response that begins like this is such a stream, rather than a body that comes at once; `None` if these bytes
    /// are too few to tell. `is_declared` says whether it has the content type.
    fn is_stream(start: &[u8], is_declared: bool) -> Option<bool>;

    /// Takes bytes up to the end of a chunk, and returns it; `None` if it continues after these bytes.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not such a stream, or if a chunk is too large.
    fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Next>, Failure>;

    /// The chunk that the end of the stream completes, if any.
    fn rest(&mut self) -> Option<Next>;
}

/// What a stream says next.
#[derive(Debug, PartialEq)]
pub(in crate::provider) enum Next {
    Chunk(Value),
    /// A chunk with a field `error`, after which nothing follows.
    Error(Value),
    /// The mark for the end of the stream.
    Done,
}
