//! One process at a time executes the runs of a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::time::Duration;

use super::fault::setup;
use crate::error::Result;

/// Held as long as the process executes runs. The system releases it when the process dies, however it dies.
///
/// It is a file of its own: closing any handle of the database's would end the locks that SQLite has on it.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File);

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn take(journal: &Path) -> Result<Self> {
        let path = beside(journal, "-runner");
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(|error| unusable(journal, &path, &error))?;
        match patiently(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(setup(taken(journal, &holder(&mut file)))),
            Err(TryLockError::Error(error)) => return Err(unusable(journal, &path, &error)),
        }
        // Whose it is helps a person alone, so it is no error when it cannot be written.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", process::id()));
        Ok(Self(file))
    }

    /// Whether somebody has the lock.
    pub(super) fn is_held(journal: &Path) -> Result<bool> {
        let path = beside(journal, "-runner");
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unusable(journal, &path, &error)),
        };
        // Given back with the file, at the end of this.
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(unusable(journal, &path, &error)),
        }
    }
}

/// Who only asks whether the lock is held has it for a moment, which is waited for.
fn patiently(file: &File) -> std::result::Result<(), TryLockError> {
    const MOMENT: Duration = Duration::from_millis(10);
    for _ in 0..3 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(MOMENT),
            other => return other,
        }
    }
    file.try_lock()
}

/// A file beside the database, as SQLite names its own.
pub(super) fn beside(journal: &Path, suffix: &str) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.is_empty() => format!("process {}", text.trim()),
        _ => "another process".to_owned(),
    }
}

fn taken(journal: &Path, holder: &str) -> String {
    format!(
        "journal {}: {holder} executes its runs, and only one may; stop it, name another file, or open this one with `Sqlite::visit` to look, answer and cancel",
        journal.display()
    )
}

fn unusable(journal: &Path, path: &Path, error: &std::io::Error) -> crate::error::Error {
    setup(format!(
        "journal {}: its lock {} cannot be used: {error}; make the folder writable, on a disk of this machine, or name another file",
        journal.display(),
        path.display()
    ))
}
