//! The open file that the clones of a journal share.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use blake3::Hash;

use super::codec::Sealer;
use super::lock::Hold;
use super::news::News;
use super::options::{Role, SqliteOptions};
use super::readers::Readers;
use super::writer::Commands;
use crate::place::RunId;

/// An open file. All clones of a [`Sqlite`](super::Sqlite) share it.
pub(super) struct Inner {
    pub(super) path: PathBuf,
    pub(super) role: Role,
    pub(super) options: SqliteOptions,
    pub(super) sealer: Sealer,
    pub(super) queue: Arc<Commands>,
    pub(super) readers: Readers,
    /// Large values that unfinished runs refer to.
    pub(super) known: Mutex<HashMap<RunId, HashSet<Hash>>>,
    pub(super) news: Arc<News>,
    pub(super) writer: Option<JoinHandle<()>>,
    /// Dropped after everything else.
    pub(super) hold: Arc<Hold>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.readers.close();
        self.news.close();
        self.queue.close();
        if let Some(writer) = self.writer.take() {
            // A panic of the writer was already reported to all pending calls.
            let _ = writer.join();
        }
    }
}
