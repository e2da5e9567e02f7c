//! The journal: its operations, each a read on a reader's thread or a command for the writer.

use std::fmt;
use std::future::ready;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::spawn_blocking;

use super::command::Command;
use super::fault::setup;
use super::inner::Inner;
use super::log::Log;
use super::mutex::locked;
use super::open;
use super::options::{Role, SqliteOptions, Synchronous};
use super::signals::{self, Give};
use crate::error::Result;
use crate::journal::{Cache, Delivered, Judged, Query, RunLog, Signal, Store};
use crate::place::RunId;
use crate::provider::BoxFuture;
use crate::run::{Record, Stamp, Summary};

/// A journal in one SQLite file. Runs survive the end of their process.
///
/// ```
/// # use flow_runtime::journal::{Query, Sqlite, Store};
/// # use flow_runtime::error::Result;
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
/// # let folder = tempfile::tempdir()?; let path = folder.path().join("flow.db");
/// let journal = Sqlite::open(&path)?;
/// assert!(journal.runs(&Query::all()).await?.is_empty());
///
/// let second = Sqlite::open(&path).unwrap_err();            // one process executes, others visit
/// assert!(second.to_string().contains("executes its runs, and only one may"));
/// let visitor = Sqlite::visit(&path)?;
/// # drop(visitor); Ok(()) }
/// ```
///
/// # Durability
///
/// Records are acknowledged when they are on disk (`synchronous=FULL`, unless [`Sqlite::options`] lowers it); one `fsync` covers
/// many runs. After the first failed write, every pending and later call fails with the same error, and nothing is retried. The
/// same happens if the file is moved, deleted, replaced or truncated while open; this is detected before anything more is
/// acknowledged, and soon on an idle journal.
///
/// # The file
///
/// Read it with the `sqlite3` shell, preferably through its views `runs`, `steps`, `attempts` and `usage`. Values of 8 KB of JSON
/// or more are stored once, in the table `payload`. SQLite keeps `-wal` and `-shm` next to it and finds them by file name, so the
/// file must not have several hard links; symbolic links work. All files are created with mode 0600. The folder must be on a
/// local disk: SQLite does not work on network file systems.
///
/// Clones share the file. Dropping the last one writes what was appended, which blocks the thread meanwhile.
#[derive(Clone)]
pub struct Sqlite(pub(super) Arc<Inner>);

/// How often a process that waits for news polls the file.
const LOOK: Duration = Duration::from_millis(250);

impl Sqlite {
    /// Opens a file to execute its runs, and creates it if it does not exist.
    ///
    /// The structure of files up to 32 MB is checked completely, which takes some tenths of a second; [`check`](Self::check) does
    /// this for any size. Each record has a checksum that is verified on every read.
    ///
    /// # Errors
    ///
    /// Fails if another process executes the runs of the file; if the file is not a journal, has a newer format or another codec,
    /// is damaged or read-only; or if its folder does not exist. Disk errors are [`Journal`](crate::error::ErrorKind::Journal),
    /// all others [`Setup`](crate::error::ErrorKind::Setup).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::options().open(path)
    }

    /// Opens an existing file to read, answer and cancel, whether or not another process executes its runs.
    ///
    /// # Errors
    ///
    /// Like [`open`](Self::open), except that another process may execute the runs; also fails if the file does not exist.
    pub fn visit(path: impl AsRef<Path>) -> Result<Self> {
        Self::options().visit(path)
    }

    /// Returns options for opening a file.
    pub fn options() -> SqliteOptions {
        SqliteOptions::default()
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns when writes reach the disk.
    pub fn synchronous(&self) -> Synchronous {
        self.0.options.synchronous
    }

    /// Returns whether a process is executing the runs of the file, including this one.
    ///
    /// # Errors
    ///
    /// Fails if the lock cannot be queried.
    pub fn is_executed(&self) -> Result<bool> {
        self.0.hold.is_executed()
    }

    /// Checks the structure of the complete file, which takes some seconds per GB.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged, with SQLite's description.
    pub async fn check(&self) -> Result<()> {
        self.0.readers.read(|reader| open::check(reader.connection, &reader.opened.path, true)).await
    }

    fn put(&self, command: Command) -> BoxFuture<'static, Result<u64>> {
        let receipt = self.0.queue.put(command);
        Box::pin(async { Ok(receipt.await?) })
    }
}

impl Sqlite {
    /// The stored form of a cache key: hashed, since it contains complete inputs.
    fn key(&self, key: &str) -> String {
        self.0.sealer.hash(b'k', key.as_bytes()).to_hex().to_string()
    }
}

impl Store for Sqlite {
    fn log(&self, run: &RunId) -> Arc<dyn RunLog> {
        Arc::new(Log { inner: self.0.clone(), run: run.clone() })
    }

    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        let (out, sealer) = (signals::out(), self.0.sealer.clone());
        let give = Give { signal: signal.clone(), judged: judged.to_vec(), sealer, out: out.clone() };
        let given = self.put(Command::Give(Box::new(give)));
        Box::pin(async move {
            given.await?;
            signals::delivered(&out)
        })
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        let run = run.clone();
        Box::pin(self.0.readers.read(move |reader| reader.run(&run)))
    }

    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        let query = query.clone();
        Box::pin(self.0.readers.read(move |reader| reader.runs(&query)))
    }

    fn unfinished(&self) -> BoxFuture<'_, Result<Vec<(RunId, String)>>> {
        Box::pin(self.0.readers.read(|reader| reader.unfinished()))
    }

    /// One task at a time may wait for news; two would each get only a part.
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        Box::pin(async {
            loop {
                self.put(Command::Look).await?;
                let news = self.0.news.clone();
                let (runs, ord) = blocking(move || news.look()).await?;
                // Only when they are returned: a cancelled wait must not lose news for the next one.
                self.0.news.took(ord);
                if !runs.is_empty() {
                    let mut known = locked(&self.0.known);
                    runs.iter().for_each(|run| _ = known.remove(run));
                    drop(known);
                    return Ok(runs);
                }
                tokio::time::sleep(LOOK).await;
            }
        })
    }

    fn executes(&self) -> bool {
        self.0.role == Role::Runner
    }

    fn is_executed(&self) -> Result<bool> {
        Self::is_executed(self)
    }

    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        locked(&self.0.known).clear();
        self.put(Command::Prune(ended_before))
    }
}

impl Cache for Sqlite {
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        let key = self.key(key);
        Box::pin(self.0.readers.read(move |reader| reader.cached(&key, now)))
    }

    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        let body = match serde_json::to_vec(answer) {
            Ok(json) => self.0.sealer.seal(json),
            Err(error) => return Box::pin(ready(Err(error.into()))),
        };
        let key = self.key(key);
        let sum = self.0.sealer.sum(key.as_bytes(), body.bytes());
        let kept = self.put(Command::Cache { key, sum, body, until });
        Box::pin(async { kept.await.map(drop) })
    }
}

/// Runs work that may block on the disk, away from the async worker threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(setup("the async runtime is shutting down, so the journal was not read")),
        },
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { path, role, options, .. } = &*self.0;
        let codec = options.codec.as_ref().map_or("none", |codec| codec.name());
        let mut debug = f.debug_struct("Sqlite");
        debug.field("path", path).field("role", role).field("synchronous", &options.synchronous);
        debug.field("codec", &codec).finish_non_exhaustive()
    }
}
