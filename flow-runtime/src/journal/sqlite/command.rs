//! The writer's commands on the tables.

use rusqlite::{Connection, params};

use super::codec::Sealed;
use super::entry::Entry;
use super::signals::{Give, Take};
use super::store::{Rows, append};
use crate::run::Stamp;

pub(super) enum Command {
    Append(Box<Entry>),
    /// Only checks whether the files are still there.
    Look,
    /// Appends an entry that ends with the wait of a signal step, and delivers the signal kept for it.
    Take(Box<Take>),
    /// Delivers or keeps a signal.
    Give(Box<Give>),
    /// Deletes the runs that ended before.
    Prune(Stamp),
    /// Caches an answer.
    Cache {
        key: String,
        sum: i64,
        body: Sealed,
        until: Option<Stamp>,
    },
}

impl Command {
    /// Applies the command within a transaction. Returns the number of pruned runs.
    pub(super) fn apply(&self, to: &Connection, rows: &mut Rows, writer: i64) -> rusqlite::Result<u64> {
        match self {
            Self::Append(entry) => append(to, rows, entry, writer).map(|()| 0),
            Self::Look => Ok(0),
            Self::Take(take) => take.apply(to, rows, writer).map(|()| 0),
            Self::Give(give) => give.apply(to, rows, writer).map(|()| 0),
            Self::Prune(before) => {
                *rows = Rows::default();
                prune(to, before.0 as i64)
            }
            Self::Cache { key, sum, body, until } => {
                let mut keep =
                    to.prepare_cached("INSERT OR REPLACE INTO answer(key, until, sum, body) VALUES (?1, ?2, ?3, ?4)")?;
                keep.execute(params![key, until.map(|until| until.0 as i64), sum, body]).map(|_| 0)
            }
        }
    }

    /// The approximate number of bytes it adds to the file.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Append(entry) => entry.size(),
            Self::Take(take) => take.entry.size(),
            Self::Give(give) => give.size(),
            Self::Prune(_) | Self::Look => 0,
            Self::Cache { body, .. } => body.bytes().len(),
        }
    }
}

fn prune(from: &Connection, before: i64) -> rusqlite::Result<u64> {
    let last: Option<i64> = from.query_row("SELECT max(ord) FROM entry", [], |row| row.get(0))?;
    let old = "(SELECT id FROM run WHERE ended < ?1)";
    for table in ["entry", "wait", "slot", "mention"] {
        from.execute(&format!("DELETE FROM {table} WHERE run IN {old}"), [before])?;
    }
    let gone = from.execute("DELETE FROM run WHERE ended < ?1", [before])?;
    from.execute("DELETE FROM payload WHERE id NOT IN (SELECT payload FROM mention)", [])?;
    from.execute("DELETE FROM answer WHERE until < ?1", [before])?;
    from.execute("DELETE FROM signal WHERE until < ?1", [before])?;
    // Keeps the last number in use, with an entry of no run: waiters for news ask for higher numbers.
    from.execute("DELETE FROM entry WHERE run = 0 AND ord < ?1", [last])?;
    from.execute(
        "INSERT OR IGNORE INTO entry(ord, run, writer, sum, split, steps, calls, unpriced, cost, body)
         SELECT ?1, 0, 0, 0, 0, 0, 0, 0, 0, '[]' WHERE ?1 IS NOT NULL",
        [last],
    )?;
    Ok(gone as u64)
}
