//! The lock that lets one process at a time execute the runs of a file.
//!
//! On Linux the lock is `flock` on the database itself: it holds under every name of the file, and removing another file cannot
//! bypass it. SQLite uses locks of another kind (`fcntl`), so the two do not interfere.
//! Other systems have one kind for both, so a file `-runner` next to the database is locked instead.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use super::fault::setup;
use super::identity::{Identity, read_at};
use super::mutex::locked;
use super::private;
use crate::error::{Error, Result};

/// The databases that journals of this process have open.
///
/// Each has one handle, closed after the last connection: when a process closes any handle of a file, the system also drops
/// the `fcntl` locks that SQLite holds through other handles.
static OPEN: LazyLock<Mutex<HashMap<Identity, Open>>> = LazyLock::new(Mutex::default);

#[derive(Debug, Default)]
struct Open {
    /// The first is locked; the others were opened under other names of the file.
    files: Vec<File>,
    journals: usize,
    is_executed: bool,
}

/// A journal's hold on its database. Dropped after the journal's connections.
#[derive(Debug)]
pub(super) struct Hold {
    journal: PathBuf,
    id: Identity,
    executes: bool,
}

impl Hold {
    /// Opens a database; creates an empty file if it is missing and `may_make` is set.
    pub(super) fn open(journal: &Path, may_make: bool) -> Result<Self> {
        let path = lockable(journal);
        let unusable = |error| unusable(journal, &error);
        let mut all = locked(&OPEN);
        let known = fs::metadata(&path).ok().map(|there| Identity::of(&path, &there));
        let id = match known.filter(|id| all.contains_key(id)) {
            Some(id) => id,
            None => {
                let file = options(may_make).open(&path).map_err(unusable)?;
                let id = Identity::of(&path, &file.metadata().map_err(unusable)?);
                all.entry(id.clone()).or_default().files.push(file);
                id
            }
        };
        all.entry(id.clone()).or_default().journals += 1;
        Ok(Self { journal: journal.to_owned(), id, executes: false })
    }

    /// Takes the lock, or fails with its holder. The system releases it when the process dies, in whatever way.
    pub(super) fn execute(&mut self) -> Result<()> {
        /// `is_executed` holds the lock for a moment in order to probe it.
        const MOMENT: Duration = Duration::from_millis(10);
        for patience in (0..=3).rev() {
            match self
                .with(|open| if open.is_executed { Err(TryLockError::WouldBlock) } else { open.files[0].try_lock() })
            {
                Ok(()) => {
                    self.executes = true;
                    self.with(|open| open.is_executed = true);
                    return Ok(());
                }
                Err(TryLockError::WouldBlock) if patience > 0 => std::thread::sleep(MOMENT),
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(error)) => return Err(unusable(&self.journal, &error)),
            }
        }
        Err(setup(taken(&self.journal, self.holder())))
    }

    /// Whether some process is executing the runs now, including this one.
    pub(super) fn is_executed(&self) -> Result<bool> {
        self.with(|open| {
            if open.is_executed {
                return Ok(true);
            }
            match open.files[0].try_lock_shared() {
                Ok(()) => open.files[0].unlock().map(|()| false).map_err(|error| unusable(&self.journal, &error)),
                Err(TryLockError::WouldBlock) => Ok(true),
                Err(TryLockError::Error(error)) => Err(unusable(&self.journal, &error)),
            }
        })
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.id
    }

    /// The header of the database; `None` if reading it would disturb SQLite's locks.
    pub(super) fn header(&self) -> Option<io::Result<[u8; 100]>> {
        (lockable(&self.journal) == self.journal).then(|| {
            let mut header = [0; 100];
            self.with(|open| read_at(&open.files[0], &mut header)).map(|()| header)
        })
    }

    fn with<R>(&self, with: impl FnOnce(&mut Open) -> R) -> R {
        with(locked(&OPEN).entry(self.id.clone()).or_default())
    }

    /// The process that holds the lock, if the system reports it.
    fn holder(&self) -> Option<u32> {
        match self.with(|open| open.is_executed) {
            true => Some(process::id()),
            false => holder(&fs::read_to_string("/proc/locks").ok()?, self.id.number()?),
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut all = locked(&OPEN);
        let Some(open) = all.get_mut(&self.id) else { return };
        open.journals -= 1;
        if open.journals == 0 {
            // Closed under the lock, before another journal can open the file.
            all.remove(&self.id);
        } else if self.executes {
            open.is_executed = false;
            // Cannot fail: the handle is open and holds the lock.
            let _ = open.files[0].unlock();
        }
    }
}

fn lockable(journal: &Path) -> PathBuf {
    if cfg!(any(target_os = "linux", target_os = "android")) { journal.to_owned() } else { beside(journal, "-runner") }
}

/// The name of a file next to the database, formed as SQLite does.
pub(super) fn beside(journal: &Path, suffix: &str) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn options(may_make: bool) -> OpenOptions {
    let mut options = private::options();
    options.read(true);
    if may_make {
        options.write(true).create(true).truncate(false);
    }
    options
}

/// Finds the process that locked a file in the system's lock table: `1: FLOCK ADVISORY WRITE 4711 08:01:131 0 EOF`.
fn holder(table: &str, inode: u64) -> Option<u32> {
    table.lines().find_map(|line| {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, "WRITE", process, file, ..] = parts[..] else { return None };
        let (_, number) = file.rsplit_once(':')?;
        if number.parse() == Ok(inode) { process.parse().ok() } else { None }
    })
}

fn taken(journal: &Path, holder: Option<u32>) -> String {
    let holder = holder.map_or_else(|| "another process".to_owned(), |process| format!("process {process}"));
    format!(
        "journal {}: {holder} already executes its runs, and only one may; stop it, name another file, or open this one with `Sqlite::visit` to read, answer and cancel",
        journal.display()
    )
}

fn unusable(journal: &Path, error: &io::Error) -> Error {
    setup(format!(
        "journal {}: cannot be opened and locked: {error}; make the file and its folder writable, on a local disk, or name another file",
        journal.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_locks_names_the_process() {
        let table = "1: POSIX  ADVISORY  READ 11 08:01:131 1073741826 1073742335\n\
                     2: FLOCK  ADVISORY  WRITE 12 08:01:1131 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 15 08:01:131 0 EOF\n\
                     3: FLOCK  ADVISORY  READ 13 08:01:131 0 EOF\n\
                     4: FLOCK  ADVISORY  WRITE 14 08:01:131 0 EOF\n";
        assert_eq!((holder(table, 131), holder(table, 1131), holder(table, 7)), (Some(14), Some(12), None));
    }
}
