//! What is said when a journal is opened.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::{Codec, Sqlite};
use crate::error::Result;

/// How a journal is opened, for what [`Sqlite::open`] does not say.
#[derive(Clone, Debug, Default)]
pub struct SqliteOptions {
    pub(super) synchronous: Synchronous,
    pub(super) codec: Option<Arc<dyn Codec>>,
}

/// When what is written is on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronous {
    /// Before it is acknowledged: neither a crash of the program nor a loss of power takes away what was kept.
    #[default]
    Full,
    /// Some time later: a crash of the program takes nothing away, a loss of power the last seconds. For a single run that does
    /// many short steps this is several times as fast; for many runs at once it hardly matters.
    Normal,
}

impl Synchronous {
    /// The name that SQLite has for it, as it stands in the table `meta`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Normal => "normal",
        }
    }
}

impl SqliteOptions {
    /// When what is written is on the disk; before it is acknowledged, unless said otherwise.
    #[must_use]
    pub fn synchronous(mut self, when: Synchronous) -> Self {
        self.synchronous = when;
        self
    }

    /// Encodes what runs say. A file is opened with the codec that it was made with.
    #[must_use]
    pub fn codec(mut self, codec: impl Codec) -> Self {
        self.codec = Some(Arc::new(codec));
        self
    }

    /// Opens a file to execute its runs, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// As [`Sqlite::open`].
    pub fn open(self, path: impl AsRef<Path>) -> Result<Sqlite> {
        Sqlite::start(path.as_ref(), self, Role::Runner)
    }

    /// Opens a file to look, answer and cancel.
    ///
    /// # Errors
    ///
    /// As [`Sqlite::visit`].
    pub fn visit(self, path: impl AsRef<Path>) -> Result<Sqlite> {
        Sqlite::start(path.as_ref(), self, Role::Visitor)
    }
}

/// What a process does with a journal.
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
