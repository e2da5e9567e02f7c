//! Errors for a file that cannot be used.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Error as SqlError, ErrorCode};
use serde_json::Error as JsonError;

use crate::error::{Error, ErrorKind};

/// A failure reported to many: every pending call and every later one.
#[derive(Clone, Debug)]
pub(super) struct Failure(Arc<str>);

impl Failure {
    pub(super) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// A failed write. What reached the disk is unknown, so nothing is retried.
    pub(super) fn of_write(path: &Path, cause: &SqlError) -> Self {
        Self::new(format!(
            "journal {}: a write failed, so nothing more is stored: {cause}; {}. Earlier records are safe: runs continue from them after a restart",
            path.display(),
            way_out(cause)
        ))
    }

    /// The files were changed by something else.
    pub(super) fn of_files(path: &Path, what: &str) -> Self {
        Self::new(format!("journal {}: nothing more is stored: {what}", path.display()))
    }

    pub(super) fn of_panic(path: &Path) -> Self {
        Self::new(format!(
            "journal {}: nothing more is stored: the writer thread panicked, which is a bug in flow. Earlier records are safe: runs continue from them after a restart",
            path.display()
        ))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Error::new(ErrorKind::Journal, &*failure.0)
    }
}

/// An error that the code that sets up the runtime can fix.
pub(super) fn setup(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Setup, text)
}

pub(super) fn unreadable(path: &Path, doing: &str, cause: &SqlError) -> Error {
    Error::new(ErrorKind::Journal, format!("journal {}: {doing}: {cause}; {}", path.display(), way_out(cause)))
}

/// Content that differs from what was written.
pub(super) fn damaged(path: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Journal, format!("journal {}: {what} is damaged; {DAMAGED}", path.display()))
}

/// An undamaged record that this build does not understand.
pub(super) fn undecodable(path: &Path, run: &str, cause: &JsonError) -> Error {
    let text = format!(
        "journal {}: this build cannot read a record of run `{run}`: {cause}; continue with the build that wrote it, or cancel the run",
        path.display()
    );
    Error::new(ErrorKind::Journal, text)
}

const DAMAGED: &str = "restore the file from a backup, or recover what is left with `sqlite3 FILE .recover`";

fn way_out(cause: &SqlError) -> &'static str {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk or its quota is full: free some space",
        Some(ErrorCode::ReadOnly) => "the file or its folder is read-only: make both writable, or name another file",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "check that the folder exists and that this user may write to it"
        }
        Some(ErrorCode::DatabaseCorrupt) => DAMAGED,
        Some(ErrorCode::NotADatabase) => {
            "the file is not an SQLite database, or its header is damaged: name another file"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has an open transaction on the file: close it (a `sqlite3` shell, for instance)"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk is full or failing: check its free space and the system log",
        _ => "check the file with `sqlite3 FILE 'pragma integrity_check'`",
    }
}
