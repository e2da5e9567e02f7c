//! Detects whether the files of a journal are still those that were opened, and still hold what was written to them.
//!
//! SQLite keeps writing to a deleted file, and past the end of a truncated log; such commits would be lost.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Error as SqlError;

use super::fault::{Failure, unreadable};
use super::identity::{Identity, read_at};
use super::lock::{Hold, beside};
use crate::error::Error;

/// The magic numbers of a log, for either byte order of its checksums.
const LOGS: [[u8; 4]; 2] = [[0x37, 0x7f, 0x06, 0x82], [0x37, 0x7f, 0x06, 0x83]];

/// The size of the log's header, in bytes; it is written in one piece, before anything else.
const LOG_HEADER: usize = 32;

pub(super) struct Files {
    /// The database, its log, and the log's shared index.
    names: [(PathBuf, Identity); 3],
    log: File,
    /// The length of the log at the last look, in bytes.
    logged: u64,
    /// The database when it was last known to be intact. Only checkpoints write to it.
    face: Option<Face>,
}

/// The attributes of a file that change when it is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Face {
    length: u64,
    changed: Option<SystemTime>,
}

impl Files {
    pub(super) fn of(path: &Path, hold: &Hold) -> io::Result<Self> {
        let of = |path: PathBuf| fs::metadata(&path).map(|file| (path.clone(), Identity::of(&path, &file)));
        let log = beside(path, "-wal");
        let names = [(path.to_owned(), hold.identity().clone()), of(log.clone())?, of(beside(path, "-shm"))?];
        let mut files = Self { names, log: File::open(log)?, logged: 0, face: None };
        files.logged = files.log.metadata()?.len();
        files.face = Some(files.face()?);
        Ok(files)
    }

    /// Checks that each name still refers to the file that was opened; fails with a description of the problem.
    pub(super) fn are_there(&self) -> Result<(), String> {
        self.names.iter().try_for_each(|(path, opened)| is_there(path, opened))
    }

    /// The current state of the database file.
    pub(super) fn face(&self) -> io::Result<Face> {
        fs::metadata(&self.names[0].0).map(|file| Face::of(&file))
    }

    /// Whether only this process has written to the database since `accept`.
    pub(super) fn is_mine(&self, face: Face) -> bool {
        self.face == Some(face)
    }

    /// Accepts the current state as intact.
    pub(super) fn accept(&mut self, face: Face) {
        self.face = Some(face);
    }

    /// Whether the log is shorter than before: it was copied into the database, or truncated.
    pub(super) fn log_is_shorter(&self) -> io::Result<bool> {
        Ok(self.log.metadata()?.len() < self.logged)
    }

    /// Notes that the log was written. Returns `false` if it does not start with a header: it was truncated earlier, and SQLite
    /// never reads what comes after the hole.
    pub(super) fn log_was_written(&mut self) -> io::Result<bool> {
        self.logged = self.log.metadata()?.len();
        let mut header = [0; LOG_HEADER];
        match read_at(&self.log, &mut header) {
            Ok(()) => Ok(LOGS.iter().any(|log| header.starts_with(log))),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(self.logged == 0),
            Err(error) if error.kind() == ErrorKind::Unsupported => Ok(true),
            Err(error) => Err(error),
        }
    }
}

impl Face {
    fn of(file: &Metadata) -> Self {
        Self { length: file.len(), changed: file.modified().ok() }
    }

    pub(super) fn length(self) -> u64 {
        self.length
    }
}

/// The database, with the name under which it was opened.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) identity: Identity,
}

impl Opened {
    /// Checks that the name still refers to the file that was opened.
    pub(super) fn is_there(&self) -> Result<(), Failure> {
        is_there(&self.path, &self.identity).map_err(|what| Failure::of_files(&self.path, &what))
    }

    /// The error of a failed read. SQLite finds the log by file name, and reports an I/O error once that name is gone.
    pub(super) fn unreadable(&self, cause: &SqlError) -> Error {
        match self.is_there() {
            Err(failure) => failure.into(),
            Ok(()) => unreadable(&self.path, "cannot be read", cause),
        }
    }
}

/// Checks that a name still refers to the file that was opened.
fn is_there(path: &Path, opened: &Identity) -> Result<(), String> {
    match fs::metadata(path) {
        Ok(file) if Identity::of(path, &file) == *opened => Ok(()),
        Ok(_) => Err(format!(
            "{} was replaced while it was open; restart the program to continue with the new file, or put the original back first",
            path.display()
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(format!(
            "{} was moved or deleted while it was open; put it back together with its `-wal` and `-shm` files, and restart the program",
            path.display()
        )),
        Err(error) => Err(format!("{} is no longer accessible: {error}", path.display())),
    }
}

/// Whether a database of this length contains all pages that its header counts.
pub(super) fn is_whole(header: &[u8; 100], length: u64) -> bool {
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    header.starts_with(b"SQLite format 3\0") && page * u64::from(pages) <= length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_as_long_as_it_says() {
        let mut header = [0; 100];
        assert!(!is_whole(&header, 1_000_000));
        header[..16].copy_from_slice(b"SQLite format 3\0");
        header[16..18].copy_from_slice(&4096_u16.to_be_bytes());
        header[28..32].copy_from_slice(&3_u32.to_be_bytes());
        assert_eq!([12_287, 12_288, 20_480].map(|length| is_whole(&header, length)), [false, true, true]);
        header[16..18].copy_from_slice(&1_u16.to_be_bytes());
        assert_eq!([196_607, 196_608].map(|length| is_whole(&header, length)), [false, true]);
    }
}
