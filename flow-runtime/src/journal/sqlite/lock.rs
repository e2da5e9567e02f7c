//! One process at a time executes the runs of a file.
//!
//! On Linux the lock is `flock` on the database itself: it goes with the file, whatever name the file is reached by, and nothing
//! beside it can be removed to get round it. SQLite's own locks are of another kind (`fcntl`), so neither hinders the other.
//! Elsewhere the system has one kind for both, and a file `-runner` beside the database is locked instead.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use super::fault::setup;
use super::identity::{Identity, read_at};
use super::{locked, private};
use crate::error::{Error, Result};

/// The databases that journals of this process have open.
///
/// There is one handle for each, closed after the last connection: when a process closes any handle of a file, the system drops
/// the `fcntl` locks that SQLite has on it, of other connections too.
static OPEN: LazyLock<Mutex<HashMap<Identity, Open>>> = LazyLock::new(Mutex::default);

#[derive(Debug, Default)]
struct Open {
    /// The first is locked; others were opened under another name of the file.
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
    /// Opens a database; makes an empty file where there is none and one may be made.
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

    /// Takes the lock, or says who has it. The system gives it back when the process dies, however it dies.
    pub(super) fn execute(&mut self) -> Result<()> {
        /// Whoever asks for the lock has it for a moment.
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

    /// Whether some process executes the runs just now, this one included.
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

    /// The first bytes of the database; `None` where they cannot be read beside SQLite.
    pub(super) fn header(&self) -> Option<io::Result<[u8; 100]>> {
        (lockable(&self.journal) == self.journal).then(|| {
            let mut header = [0; 100];
            self.with(|open| read_at(&open.files[0], &mut header)).map(|()| header)
        })
    }

    fn with<R>(&self, with: impl FnOnce(&mut Open) -> R) -> R {
        with(locked(&OPEN).entry(self.id.clone()).or_default())
    }

    /// The process that has the lock, as far as the system tells.
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
            // Closed before anybody else may open the file.
            all.remove(&self.id);
        } else if self.executes {
            open.is_executed = false;
            // Of a handle that is open, and was locked by it, this fails on no system.
            let _ = open.files[0].unlock();
        }
    }
}

/// The file that is locked for a database.
fn lockable(journal: &Path) -> PathBuf {
    if cfg!(any(target_os = "linux", target_os = "android")) { journal.to_owned() } else { beside(journal, "-runner") }
}

/// A file beside the database, as SQLite names its own.
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

/// The process that has locked a file, from the system's table of locks: `1: FLOCK ADVISORY WRITE 4711 08:01:131 0 EOF`.
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
        "journal {}: {holder} executes its runs, and only one may; stop it, name another file, or open this one with `Sqlite::visit` to look, answer and cancel",
        journal.display()
    )
}

fn unusable(journal: &Path, error: &io::Error) -> Error {
    setup(format!(
        "journal {}: it cannot be opened and locked: {error}; make the file and its folder writable, on a disk of this machine, or name another file",
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
