//! The pieces of an answer as they arrive.

use std::fmt;
use std::sync::{Arc, OnceLock};

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
pub struct Deltas {
    /// Created with the first reader, if a listener gets the pieces anyway.
    ring: OnceLock<Arc<Pieces>>,
    limit: usize,
    listener: Option<Box<dyn Listener>>,
}

type Pieces = Ring<Arc<str>>;

/// Hears each piece at the moment it arrives.
pub(crate) trait Listener: Send + Sync {
    fn hear(&self, piece: &str);
}

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
    ring: Arc<Pieces>,
    next: u64,
}

impl Deltas {
    /// Creates an empty sink.
    pub fn new() -> Self {
        Self::with_limit(LIMIT)
    }

    /// Creates a sink that keeps another number of bytes, and the last piece in any case.
    pub fn with_limit(bytes: usize) -> Self {
        let ring = OnceLock::from(Arc::new(Ring::new(bytes)));
        Self { ring, limit: bytes, listener: None }
    }

    /// Creates a sink for a listener. Readers start with the pieces that arrive after they are created.
    pub(crate) fn heard_by(listener: impl Listener + 'static) -> Self {
        Self { ring: OnceLock::new(), limit: LIMIT, listener: Some(Box::new(listener)) }
    }

    /// Puts a piece of the text. Never waits.
    pub fn text(&self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        if let Some(listener) = &self.listener {
            listener.hear(piece);
        }
        if let Some(ring) = self.ring.get() {
            ring.push(piece.into(), piece.len() + PIECE);
        }
    }

    /// Returns a reader of all pieces.
    pub fn reader(&self) -> DeltaReader {
        let ring = self.ring.get_or_init(|| Arc::new(Ring::new(self.limit)));
        DeltaReader { ring: ring.clone(), next: 0 }
    }
}

impl Default for Deltas {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Deltas {
    fn drop(&mut self) {
        self.ring.get().inspect(|ring| ring.close());
    }
}

impl fmt::Debug for Deltas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deltas").finish_non_exhaustive()
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
