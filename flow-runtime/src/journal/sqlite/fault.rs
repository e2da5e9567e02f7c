//! What is said when the file cannot be used.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Error as SqlError, ErrorCode};
use serde_json::Error as JsonError;

use crate::error::{Error, ErrorKind};

/// A failure that many are told: all that waited, and all that come later.
#[derive(Clone, Debug)]
pub(super) struct Failure(Arc<str>);

impl Failure {
    pub(super) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// A write that failed: nobody knows what of it the disk holds, so nothing is tried again.
    pub(super) fn of_write(path: &Path, cause: &SqlError) -> Self {
        Self::new(format!(
            "journal {}: nothing more is kept, since a write has failed: {cause}; {}. What was kept before is safe, and runs go on from it when the program is started again",
            path.display(),
            way_out(cause)
        ))
    }

    /// The files are not what they were.
    pub(super) fn of_files(path: &Path, what: &str) -> Self {
        Self::new(format!("journal {}: nothing more is kept, since {what}", path.display()))
    }

    pub(super) fn of_panic(path: &Path) -> Self {
        Self::new(format!(
            "journal {}: nothing more is kept, since the thread that writes has panicked, which is a bug of flow. What was kept before is safe, and runs go on from it when the program is started again",
            path.display()
        ))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Error::new(ErrorKind::Journal, &*failure.0)
    }
}

/// An error that whoever set up the runtime can do something about.
pub(super) fn setup(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Setup, text)
}

/// A file that could not be opened or read.
pub(super) fn unreadable(path: &Path, doing: &str, cause: &SqlError) -> Error {
    Error::new(ErrorKind::Journal, format!("journal {}: {doing}: {cause}; {}", path.display(), way_out(cause)))
}

/// Content that is not what was written.
pub(super) fn damaged(path: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Journal, format!("journal {}: {what} is damaged; {DAMAGED}", path.display()))
}

/// A record that is whole, and that this build does not understand.
pub(super) fn undecodable(path: &Path, run: &str, cause: &JsonError) -> Error {
    let text = format!(
        "journal {}: a record of run `{run}` cannot be read by this build: {cause}; go on with the build that wrote it, or cancel the run",
        path.display()
    );
    Error::new(ErrorKind::Journal, text)
}

const DAMAGED: &str = "restore the file from a copy, or see what is left with `sqlite3 FILE .recover`";

fn way_out(cause: &SqlError) -> &'static str {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk, or the quota on it, is full: free some space",
        Some(ErrorCode::ReadOnly) => "the file or its folder is read-only: make both writable, or name another file",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "look whether the folder exists, and whether this user may write there"
        }
        Some(ErrorCode::DatabaseCorrupt) => DAMAGED,
        Some(ErrorCode::NotADatabase) => "the file is no SQLite database, or its start is damaged: name another file",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds the file in a transaction: end it, a `sqlite3` shell for instance"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "the disk is full, or fails: look how much is free, and at the system's log"
        }
        _ => "look at the file with `sqlite3 FILE 'pragma integrity_check'`",
    }
}
