//! The pieces of an answer as they arrive.

use std::sync::Arc;

use crate::ring::{Next, Ring};

/// How many bytes of pieces are kept for readers.
const LIMIT: usize = 64 * 1024;

/// The bytes counted for each piece besides its text.
const PIECE: usize = 32;

/// Where a provider puts the pieces of an answer, for a reader to follow.
///
/// Putting a piece never waits, so readers cannot slow the call down. The last 64 KiB are kept, with 32 bytes counted for each piece
/// beside its text: a reader that falls further behind loses the oldest pieces and is told how many. Readers end when this value is
/// dropped.
///
/// ```
/// use flow_runtime::provider::{Delta, Deltas};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let deltas = Deltas::new();
/// let mut reader = deltas.reader();
/// deltas.text("4 ");
/// deltas.text("years");
/// drop(deltas);
/// assert_eq!(reader.next().await, Some(Delta::Text("4 ".into())));
/// assert_eq!(reader.next().await, Some(Delta::Text("years".into())));
/// assert_eq!(reader.next().await, None);
/// # });
/// ```
#[derive(Debug)]
pub struct Deltas(Arc<Ring<Arc<str>>>);

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delta {
    /// The next text.
    Text(String),
    /// The reader was too slow for this many pieces, and they are lost.
    Missed(u64),
}

/// Reads the pieces of an answer, from the first one that is still kept.
#[derive(Debug)]
pub struct DeltaReader {
    ring: Arc<Ring<Arc<str>>>,
    next: u64,
}

impl Deltas {
    /// Creates an empty sink.
    pub fn new() -> Self {
        Self::with_limit(LIMIT)
    }

    /// Creates a sink that keeps another number of bytes, and the last piece in any case.
    pub fn with_limit(bytes: usize) -> Self {
        Self(Arc::new(Ring::new(bytes)))
    }

    /// Puts a piece of the text. Never waits.
    pub fn text(&self, piece: &str) {
        if !piece.is_empty() {
            self.0.push(piece.into(), piece.len() + PIECE);
        }
    }

    /// Returns a reader of all pieces.
    pub fn reader(&self) -> DeltaReader {
        DeltaReader { ring: self.0.clone(), next: 0 }
    }
}

impl Default for Deltas {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Deltas {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl DeltaReader {
    /// Returns the next piece once it is there, or `None` after the last.
    pub async fn next(&mut self) -> Option<Delta> {
        Some(match self.ring.next(&mut self.next).await? {
            Next::Item(piece) => Delta::Text(piece.as_ref().to_owned()),
            Next::Missed(pieces) => Delta::Missed(pieces),
        })
    }
}
