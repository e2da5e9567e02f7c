//! Records that other processes appended.

use std::sync::Mutex;

use rusqlite::Connection;

use super::codec::Sealer;
use super::files::Opened;
use super::mutex::locked;
use super::open;
use super::read::Reader;
use crate::error::Result;
use crate::place::RunId;

/// Looks for records of other processes. Separate from the journal, so that a running look keeps neither it nor its lock alive.
pub(super) struct News {
    opened: Opened,
    sealer: Sealer,
    /// The writer number of this process.
    number: i64,
    seen: Mutex<Seen>,
}

struct Seen {
    /// The last entry that was looked at.
    ord: i64,
    watch: Option<Watch>,
    closed: bool,
}

/// A connection that detects writes of other processes, and the last `data_version` it saw.
struct Watch {
    connection: Connection,
    version: Option<i64>,
}

impl News {
    /// Starts looking after an entry.
    pub(super) fn after(ord: i64, opened: Opened, sealer: Sealer, number: i64) -> Self {
        Self { opened, sealer, number, seen: Mutex::new(Seen { ord, watch: None, closed: false }) }
    }

    /// The runs that others appended to since the last look, and the entry to continue from.
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

    /// Marks the news up to an entry as delivered.
    pub(super) fn took(&self, ord: i64) {
        locked(&self.seen).ord = ord;
    }

    /// Stops looking and closes the connection.
    pub(super) fn close(&self) {
        let mut seen = locked(&self.seen);
        (seen.watch, seen.closed) = (None, true);
    }
}
