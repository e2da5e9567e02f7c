//! Options for opening a journal.

use std::fmt;
use std::sync::Arc;

use super::codec::Codec;

/// Options for opening a journal, see [`Sqlite::options`](super::Sqlite::options).
#[derive(Clone, Debug, Default)]
pub struct SqliteOptions {
    pub(super) synchronous: Synchronous,
    pub(super) codec: Option<Arc<dyn Codec>>,
}

/// When writes reach the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronous {
    /// Before they are acknowledged: neither a crash of the program nor a power loss loses acknowledged records.
    #[default]
    Full,
    /// Some time later: a crash of the program loses nothing, a power loss the last seconds. Several times as fast for a single
    /// run with many short steps; hardly any difference for many concurrent runs.
    Normal,
}

impl Synchronous {
    /// Returns SQLite's name for it, as stored in the table `meta`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Normal => "normal",
        }
    }
}

impl SqliteOptions {
    /// Sets when writes reach the disk. The default is [`Synchronous::Full`].
    #[must_use]
    pub fn synchronous(mut self, when: Synchronous) -> Self {
        self.synchronous = when;
        self
    }

    /// Encodes the contents of runs. A file must be opened with the codec that created it.
    #[must_use]
    pub fn codec(mut self, codec: impl Codec) -> Self {
        self.codec = Some(Arc::new(codec));
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Runner,
    Visitor,
}

impl fmt::Display for Synchronous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
