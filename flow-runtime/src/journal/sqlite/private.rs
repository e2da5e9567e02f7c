//! Files for their owner alone: records hold documents, prompts and replies.

use std::fs::OpenOptions;
use std::path::Path;

/// How a file is opened that may be made by it. One that is there keeps its mode.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a database where there is none, before SQLite does with the mode of the process. SQLite gives its mode to the files beside it.
pub(super) fn make(path: &Path) {
    // A file that is there is not touched: closing it would end SQLite's locks on it.
    if !path.exists() {
        // What is wrong here, SQLite says when it opens the file.
        let _ = options().write(true).create(true).truncate(false).open(path);
    }
}
