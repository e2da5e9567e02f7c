//! The single writer thread: takes everything queued, commits once, and reports the outcomes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::command::Command;
use super::fault::Failure;
use super::files::{self, Face, Files, Opened};
use super::lock::Hold;
use super::open::{self, BUSY};
use super::queue::{Pending, Queue};
use super::read;
use super::store::Rows;
use crate::error::Result;

pub(super) type Commands = Queue<Command, Failure>;

pub(super) struct Writer {
    pub(super) opened: Opened,
    pub(super) connection: Connection,
    pub(super) files: Files,
    /// Identifies this process in the entries it writes.
    pub(super) number: i64,
    pub(super) rows: Rows,
    /// The approximate number of bytes written to the write-ahead log since the last checkpoint.
    pub(super) logged: usize,
    /// Released after the connection.
    pub(super) hold: Arc<Hold>,
}

/// How many bytes the write-ahead log takes before a checkpoint. The log file never shrinks by itself, so a higher limit only
/// uses more disk.
const CHECKPOINT: usize = 3 * 512 * 1024;

/// Bytes that a commit adds to the log besides the bodies: usually the last pages of the table and of one index.
const COMMIT: usize = 2 * 4096;

impl Writer {
    /// Serves the queue until it is closed or a write fails.
    pub(super) fn run(mut self, queue: &Arc<Commands>) {
        loop {
            let batch = queue.take();
            if batch.is_empty() {
                return self.close();
            }
            if let Err(failure) = self.serve(batch) {
                queue.fail(failure);
                // Closes without touching the disk: committed data is in the log, and is found there later.
                return;
            }
        }
    }

    fn serve(&mut self, batch: Vec<Pending<Command, Failure>>) -> Result<(), Failure> {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.keep(&batch)));
        let outcome = outcome.unwrap_or_else(|_| Err(Failure::of_panic(&self.opened.path)));
        match outcome.map_err(|failure| self.explained(failure)) {
            Ok(counts) => {
                let promises = batch.into_iter().map(|pending| pending.promise);
                promises.zip(counts).for_each(|(promise, count)| promise.keep(Ok(count)));
                // The checkpoint runs after the promises: callers do not wait for it.
                self.checkpoint_if_due().map_err(|failure| self.explained(failure))
            }
            Err(failure) => {
                batch.into_iter().for_each(|pending| pending.promise.keep(Err(failure.clone())));
                Err(failure)
            }
        }
    }

    /// Commits, and checks that the committed data will be found again.
    fn keep(&mut self, batch: &[Pending<Command, Failure>]) -> Result<Vec<u64>, Failure> {
        self.look_at_log()?;
        let counts = if batch.iter().all(|pending| matches!(pending.item, Command::Look)) {
            vec![0; batch.len()]
        } else {
            let counts = self.commit(batch).map_err(|error| Failure::of_write(&self.opened.path, &error))?;
            match self.files.log_was_written() {
                Ok(true) => counts,
                Ok(false) => return Err(self.cut("its log")),
                Err(error) => return Err(self.failed(&format!("its log cannot be read: {error}"))),
            }
        };
        self.look_at_files()?;
        Ok(counts)
    }

    /// Commits the batch in one transaction, with one `fsync` if `synchronous=FULL`.
    fn commit(&mut self, batch: &[Pending<Command, Failure>]) -> rusqlite::Result<Vec<u64>> {
        let connection = &self.connection;
        // No rollback on failure: nothing more is written, and the connection is closed.
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.rows.refresh(connection)?;
        let apply = |pending: &Pending<Command, Failure>| pending.item.apply(connection, &mut self.rows, self.number);
        let counts = batch.iter().map(apply).collect::<rusqlite::Result<Vec<_>>>()?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        self.logged += COMMIT + batch.iter().map(|pending| pending.item.size()).sum::<usize>();
        Ok(counts)
    }

    /// If the log became shorter, its content must be in the database.
    fn look_at_log(&mut self) -> Result<(), Failure> {
        let is_shorter =
            self.files.log_is_shorter().map_err(|error| self.failed(&format!("its log is gone: {error}")))?;
        if is_shorter && (self.checkpoint("PASSIVE").is_err() || !self.files.log_was_written().unwrap_or(false)) {
            return Err(self.cut("its log"));
        }
        Ok(())
    }

    /// Other programs may checkpoint the log, as the `sqlite3` shell does; any other write to the database destroys it.
    fn look_at_files(&mut self) -> Result<(), Failure> {
        self.files.are_there().map_err(|what| self.failed(&what))?;
        let face = self.files.face().map_err(|error| self.failed(&format!("it is not accessible: {error}")))?;
        if self.files.is_mine(face) {
            return Ok(());
        }
        if !self.is_whole() {
            return Err(self.cut("the file"));
        }
        let read = || -> Result<bool> {
            let connection = open::reading(&self.opened)?;
            open::check(&connection, &self.opened.path, false)?;
            let has = self.rows.last.map_or(Ok(true), |last| read::has(&connection, last));
            has.map_err(|error| self.opened.unreadable(&error))
        };
        match read() {
            Ok(true) => self.files.accept(face),
            Ok(false) => return Err(self.cut("the file")),
            Err(error) => return Err(Failure::new(error.message())),
        }
        Ok(())
    }

    /// Whether the database has the length its header states, now or shortly: another program may be writing.
    fn is_whole(&self) -> bool {
        const MOMENT: Duration = Duration::from_millis(20);
        let looks = || {
            let Some(header) = self.hold.header() else { return true };
            let length = self.files.face().map(Face::length);
            header.and_then(|header| Ok(files::is_whole(&header, length?))).unwrap_or(false)
        };
        looks()
            || (0..5).any(|_| {
                std::thread::sleep(MOMENT);
                looks()
            })
    }

    /// If a file is gone, reports that instead: it is the cause of any other failure.
    fn explained(&self, failure: Failure) -> Failure {
        self.files.are_there().err().map_or(failure, |what| self.failed(&what))
    }

    fn cut(&self, what: &str) -> Failure {
        self.failed(&format!(
            "{what} was truncated or overwritten by something other than SQLite while it was open; restore it from a backup, and restart the program"
        ))
    }

    fn failed(&self, what: &str) -> Failure {
        Failure::of_files(&self.opened.path, what)
    }

    /// SQLite's own checkpoints ignore a failed `fsync` and retry, but the system may have dropped the dirty pages after the
    /// first failure. Here a checkpoint is like a write: the first failure is final.
    fn checkpoint_if_due(&mut self) -> Result<(), Failure> {
        if self.logged < CHECKPOINT {
            return Ok(());
        }
        // A log that has grown large is truncated, so that a large value does not take up the disk twice forever.
        let mode = if self.logged < CHECKPOINT + CHECKPOINT / 2 { "PASSIVE" } else { "TRUNCATE" };
        let is_complete = self.checkpoint(mode).map_err(|error| Failure::of_write(&self.opened.path, &error))?;
        // While a reader needs a part of the log, the database may lack pages that its header counts.
        if is_complete && !self.is_whole() {
            return Err(self.cut("the file"));
        }
        // Accept the checkpoint's own writes.
        let seen = self.files.face().map(|face| self.files.accept(face)).and_then(|()| self.files.log_was_written());
        seen.map(drop).map_err(|error| self.failed(&format!("it is not accessible: {error}")))
    }

    /// Returns whether the whole log was copied.
    fn checkpoint(&mut self, mode: &str) -> rusqlite::Result<bool> {
        // Does not wait for readers: the part of the log they need stays for the next checkpoint.
        self.connection.busy_timeout(Duration::ZERO)?;
        let done = self.connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
            Ok(row.get::<_, i64>(1)? == row.get::<_, i64>(2)?)
        });
        self.connection.busy_timeout(BUSY)?;
        match done {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(false),
            Err(error) => Err(error),
            Ok(is_complete) => {
                self.logged = 0;
                Ok(is_complete)
            }
        }
    }

    /// Lets SQLite remove the log once it is copied into the file. A visitor leaves that to the executing process.
    fn close(mut self) {
        let is_left = self.number != 0 && self.hold.is_executed().unwrap_or(true);
        if !is_left && self.files.are_there().is_ok() && self.checkpoint("TRUNCATE").is_ok() {
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
    }
}
