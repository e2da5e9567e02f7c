//! The identity of a file, independent of its name.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// A file under any of its names. Unique as long as the file is open.
#[cfg(unix)]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

#[cfg(unix)]
impl Identity {
    pub(super) fn of(_: &Path, file: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device: file.dev(), inode: file.ino() }
    }

    /// The inode number.
    pub(super) fn number(&self) -> Option<u64> {
        Some(self.inode)
    }
}

/// The number of hard links.
#[cfg(unix)]
pub(super) fn names(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

/// Reads the first bytes, without moving the file's position.
#[cfg(unix)]
pub(super) fn read_at(file: &File, first: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, first, 0)
}

/// Falls back to the path on platforms whose standard library cannot identify files.
#[cfg(not(unix))]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity(std::path::PathBuf);

#[cfg(not(unix))]
impl Identity {
    pub(super) fn of(path: &Path, _: &Metadata) -> Self {
        Self(path.to_owned())
    }

    pub(super) fn number(&self) -> Option<u64> {
        None
    }
}

#[cfg(not(unix))]
pub(super) fn names(_: &Metadata) -> u64 {
    1
}

#[cfg(not(unix))]
pub(super) fn read_at(_: &File, _: &mut [u8]) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
