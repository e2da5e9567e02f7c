//! The one thread that writes: it takes all that waits, commits once, and tells everybody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::fault::Failure;
use super::queue::{Pending, Queue};
use super::store::{Command, Rows};

pub(super) type Commands = Queue<Command, Failure>;

pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    /// What stands in the entries it writes.
    pub(super) number: i64,
    pub(super) rows: Rows,
    /// About how many bytes went to the write-ahead log since it was last copied into the file.
    pub(super) logged: usize,
}

/// How many bytes go to the write-ahead log before it is copied into the file. The log keeps its size, so that more would only
/// lie on the disk.
const CHECKPOINT: usize = 3 * 512 * 1024;

/// What a commit writes to the log beside the bodies, in bytes: most often the last pages of the table and of one index.
const COMMIT: usize = 2 * 4096;

/// How long to wait for another program that is in a transaction of its own.
pub(super) const BUSY: Duration = Duration::from_secs(30);

impl Writer {
    /// Writes until the queue is closed, or a write fails.
    pub(super) fn run(mut self, queue: &Arc<Commands>) {
        loop {
            let batch = queue.take();
            if batch.is_empty() {
                return self.close();
            }
            if let Err(failure) = self.serve(batch) {
                queue.fail(failure);
                // Closed without touching the disk again: what was committed is in the log, and found there later.
                return;
            }
        }
    }

    fn serve(&mut self, batch: Vec<Pending<Command, Failure>>) -> Result<(), Failure> {
        let committed = catch_unwind(AssertUnwindSafe(|| self.commit(&batch)));
        let outcome = match committed {
            Ok(Ok(counts)) => Ok(counts),
            Ok(Err(error)) => Err(Failure::of_write(&self.path, &error)),
            Err(_) => Err(Failure::of_panic(&self.path)),
        };
        match outcome {
            Ok(counts) => {
                let promises = batch.into_iter().map(|pending| pending.promise);
                promises.zip(counts).for_each(|(promise, count)| promise.keep(Ok(count)));
                // Who waited goes on meanwhile.
                self.checkpoint_if_due()
            }
            Err(failure) => {
                batch.into_iter().for_each(|pending| pending.promise.keep(Err(failure.clone())));
                Err(failure)
            }
        }
    }

    /// One transaction, and with `synchronous=FULL` one `fsync`, for all of them.
    fn commit(&mut self, batch: &[Pending<Command, Failure>]) -> rusqlite::Result<Vec<u64>> {
        let connection = &self.connection;
        // What fails is not rolled back here: nothing is written any more, and the connection is closed.
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.rows.refresh(connection)?;
        let apply = |pending: &Pending<Command, Failure>| pending.item.apply(connection, &mut self.rows, self.number);
        let counts = batch.iter().map(apply).collect::<rusqlite::Result<Vec<_>>>()?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        self.logged += COMMIT + batch.iter().map(|pending| pending.item.size()).sum::<usize>();
        Ok(counts)
    }

    /// SQLite's own checkpoints pass over an `fsync` that has failed and try again; after the first, the system may have
    /// dropped what was not written. Ours are like writes: the first failure is the last.
    fn checkpoint_if_due(&mut self) -> Result<(), Failure> {
        if self.logged < CHECKPOINT {
            return Ok(());
        }
        // A log that has grown large is cut, so that a large value does not lie on the disk twice for ever.
        let mode = if self.logged < CHECKPOINT + CHECKPOINT / 2 { "PASSIVE" } else { "TRUNCATE" };
        self.checkpoint(mode).map_err(|error| Failure::of_write(&self.path, &error))
    }

    fn checkpoint(&mut self, mode: &str) -> rusqlite::Result<()> {
        // Readers are not waited for: what they need of the log stays for the next time.
        self.connection.busy_timeout(Duration::ZERO)?;
        let done = self.connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()));
        self.connection.busy_timeout(BUSY)?;
        match done {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => {
                self.logged = 0;
                Ok(())
            }
        }
    }

    /// Where the log is in the file, SQLite may remove it.
    fn close(mut self) {
        if self.checkpoint("TRUNCATE").is_ok() {
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
    }
}
