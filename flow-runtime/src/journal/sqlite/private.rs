//! Files readable only by their owner: records hold documents, prompts and replies.

use std::fs::OpenOptions;
use std::path::Path;

/// Options for opening a file, which set the mode if they create it. An existing file keeps its mode.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a missing database before SQLite does so with the process's umask. SQLite's `-wal` and `-shm` files get the same mode.
pub(super) fn make(path: &Path) {
    // An existing file is not opened: closing the handle would release SQLite's locks on it.
    if !path.exists() {
        // If this fails, SQLite reports the reason when it opens the file.
        let _ = options().write(true).create(true).truncate(false).open(path);
    }
}
