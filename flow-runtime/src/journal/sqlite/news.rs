//! What other processes have added to the file.

use std::sync::Mutex;

use rusqlite::Connection;

use super::codec::Sealer;
use super::files::Opened;
use super::read::Reader;
use super::{locked, open};
use crate::error::Result;
use crate::run::RunId;

/// Looks for what others have added. It is a thing of its own, so that a look under way holds neither the journal nor its lock.
pub(super) struct News {
    opened: Opened,
    sealer: Sealer,
    /// What stands in the entries of this process.
    number: i64,
    seen: Mutex<Seen>,
}

/// What has been looked at.
struct Seen {
    /// The last entry.
    ord: i64,
    watch: Option<Watch>,
    closed: bool,
}

/// A connection that learns whether others have written, and what SQLite has said last.
struct Watch {
    connection: Connection,
    version: Option<i64>,
}

impl News {
    /// What comes after an entry.
    pub(super) fn after(ord: i64, opened: Opened, sealer: Sealer, number: i64) -> Self {
        Self { opened, sealer, number, seen: Mutex::new(Seen { ord, watch: None, closed: false }) }
    }

    /// What others have added since the last look, and where the next one begins.
    pub(super) fn look(&self) -> Result<(Vec<RunId>, i64)> {
        let mut seen = locked(&self.seen);
        let ord = seen.ord;
        if seen.closed {
            return Ok((Vec::new(), ord));
        }
        let watch = match &mut seen.watch {
            Some(watch) => watch,
            none => none.insert(Watch { connection: open::reading(&self.opened)?, version: None }),
        };
        let version = watch.connection.pragma_query_value(None, "data_version", |row| row.get(0));
        let version = Some(version.map_err(|error| self.opened.unreadable(&error))?);
        if watch.version == version {
            return Ok((Vec::new(), ord));
        }
        let reader = Reader { connection: &watch.connection, opened: &self.opened, sealer: &self.sealer };
        let news = reader.news(ord, self.number)?;
        watch.version = version;
        Ok(news)
    }

    /// Somebody has what was found up to an entry.
    pub(super) fn took(&self, ord: i64) {
        locked(&self.seen).ord = ord;
    }

    /// Nothing is looked at any more.
    pub(super) fn close(&self) {
        let mut seen = locked(&self.seen);
        (seen.watch, seen.closed) = (None, true);
    }
}
