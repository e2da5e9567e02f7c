//! The one thread that writes: it takes all that waits, commits once, and tells everybody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::fault::Failure;
use super::files::{self, Face, Files, Opened};
use super::lock::Hold;
use super::queue::{Pending, Queue};
use super::store::{Command, Rows};
use super::{open, read};
use crate::error::Result;

pub(super) type Commands = Queue<Command, Failure>;

pub(super) struct Writer {
    pub(super) opened: Opened,
    pub(super) connection: Connection,
    pub(super) files: Files,
    /// What stands in the entries it writes.
    pub(super) number: i64,
    pub(super) rows: Rows,
    /// About how many bytes went to the write-ahead log since it was last copied into the file.
    pub(super) logged: usize,
    /// Given back after the connection.
    pub(super) hold: Arc<Hold>,
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
        let outcome = catch_unwind(AssertUnwindSafe(|| self.keep(&batch)));
        let outcome = outcome.unwrap_or_else(|_| Err(Failure::of_panic(&self.opened.path)));
        match outcome.map_err(|failure| self.explained(failure)) {
            Ok(counts) => {
                let promises = batch.into_iter().map(|pending| pending.promise);
                promises.zip(counts).for_each(|(promise, count)| promise.keep(Ok(count)));
                // Who waited goes on meanwhile.
                self.checkpoint_if_due().map_err(|failure| self.explained(failure))
            }
            Err(failure) => {
                batch.into_iter().for_each(|pending| pending.promise.keep(Err(failure.clone())));
                Err(failure)
            }
        }
    }

    /// Commits, and looks whether what was committed is where it will be found again.
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

    /// A log that has become shorter must be in the database.
    fn look_at_log(&mut self) -> Result<(), Failure> {
        let is_shorter =
            self.files.log_is_shorter().map_err(|error| self.failed(&format!("its log is gone: {error}")))?;
        if is_shorter && (self.checkpoint("PASSIVE").is_err() || !self.files.log_was_written().unwrap_or(false)) {
            return Err(self.cut("its log"));
        }
        Ok(())
    }

    /// Other programs may copy the log into the database, as the `sqlite3` shell does; whatever else writes to it destroys it.
    fn look_at_files(&mut self) -> Result<(), Failure> {
        self.files.are_there().map_err(|what| self.failed(&what))?;
        let face = self.files.face().map_err(|error| self.failed(&format!("it cannot be looked at: {error}")))?;
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

    /// Whether the database is as long as it says, now or in a moment: another program may be at work.
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

    /// A file that is gone explains whatever else has failed, at any moment and in SQLite's words or ours.
    fn explained(&self, failure: Failure) -> Failure {
        self.files.are_there().err().map_or(failure, |what| self.failed(&what))
    }

    fn cut(&self, what: &str) -> Failure {
        self.failed(&format!(
            "{what} was cut short or overwritten by something other than SQLite while it was open; restore it from a copy, and start the program again"
        ))
    }

    fn failed(&self, what: &str) -> Failure {
        Failure::of_files(&self.opened.path, what)
    }

    /// SQLite's own checkpoints pass over an `fsync` that has failed and try again; after the first, the system may have
    /// dropped what was not written. Ours are like writes: the first failure is the last.
    fn checkpoint_if_due(&mut self) -> Result<(), Failure> {
        if self.logged < CHECKPOINT {
            return Ok(());
        }
        // A log that has grown large is cut, so that a large value does not lie on the disk twice for ever.
        let mode = if self.logged < CHECKPOINT + CHECKPOINT / 2 { "PASSIVE" } else { "TRUNCATE" };
        self.checkpoint(mode).map_err(|error| Failure::of_write(&self.opened.path, &error))?;
        if !self.is_whole() {
            return Err(self.cut("the file"));
        }
        // What it has written is its own.
        let seen = self.files.face().map(|face| self.files.accept(face)).and_then(|()| self.files.log_was_written());
        seen.map(drop).map_err(|error| self.failed(&format!("it cannot be looked at: {error}")))
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

    /// Where the log is in the file, SQLite may remove it. Beside a process that executes that is left to it.
    fn close(mut self) {
        let is_left = self.number != 0 && self.hold.is_executed().unwrap_or(true);
        if !is_left && self.files.are_there().is_ok() && self.checkpoint("TRUNCATE").is_ok() {
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
    }
}
