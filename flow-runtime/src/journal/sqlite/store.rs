//! The statements that append an entry to its run.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::entry::{Begins, Entry, Turn};
use crate::provider::Spent;

/// The rows of recently appended runs, which saves a lookup for each entry.
#[derive(Default)]
pub(super) struct Rows {
    known: HashMap<String, Row>,
    /// The last `data_version`: a change means that another process wrote, and may have deleted rows.
    version: i64,
    /// The last entry that this process added, unless it has deleted entries since.
    pub(super) last: Option<i64>,
}

#[derive(Clone, Copy)]
struct Row {
    id: i64,
    /// Whether `wait` may have rows of the run. Most runs never wait, so there is nothing to delete.
    waits: bool,
}

/// The maximum number of cached rows.
const ROWS: usize = 4096;

impl Rows {
    /// Must be called first in each transaction.
    pub(super) fn refresh(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.version != version || self.known.len() > ROWS {
            self.known.clear();
            self.version = version;
        }
        Ok(())
    }

    /// The row of the run that an entry appends to; `None` if the run was pruned or never started.
    fn of(&mut self, connection: &Connection, entry: &Entry) -> rusqlite::Result<Option<Row>> {
        let waits = entry.turns.iter().any(|turn| matches!(turn, Turn::Waits(..)));
        if let Some(row) = self.known.get_mut(&entry.run) {
            row.waits |= waits;
            return Ok(Some(*row));
        }
        let mut find = connection.prepare_cached(
            "SELECT id, EXISTS (SELECT 1 FROM wait WHERE wait.run = run.id) FROM run WHERE name = ?1",
        )?;
        let found = find.query_row([&entry.run], |row| Ok(Row { id: row.get(0)?, waits: row.get(1)? })).optional()?;
        let mut row = match (found, &entry.begins) {
            (Some(row), _) => row,
            (None, Some(Begins { workflow, offline, at })) => {
                let mut begin = connection
                    .prepare_cached("INSERT INTO run(name, workflow, offline, started) VALUES (?1, ?2, ?3, ?4)")?;
                Row { id: begin.insert(params![entry.run, workflow, offline, at.0 as i64])?, waits: false }
            }
            (None, None) => return Ok(None),
        };
        row.waits |= waits;
        self.known.insert(entry.run.clone(), row);
        Ok(Some(row))
    }
}

pub(super) fn append(to: &Connection, rows: &mut Rows, entry: &Entry, writer: i64) -> rusqlite::Result<()> {
    let Some(run) = rows.of(to, entry)? else { return Ok(()) };
    let ord = insert(to, entry, run.id, writer)?;
    rows.last = Some(ord);
    mention(to, entry, run.id)?;
    entry.turns.iter().try_for_each(|turn| take_turn(to, turn, run, ord))
}

fn insert(to: &Connection, entry: &Entry, run: i64, writer: i64) -> rusqlite::Result<i64> {
    let Spent { calls, usage, cost, unpriced, .. } = entry.spent;
    let tokens = |count: Option<u64>| count.map(signed);
    let mut add = to.prepare_cached(
        "INSERT INTO entry(run, writer, sum, split, steps, calls, unpriced, cost, input_tokens, cached_tokens,
           written_tokens, output_tokens, reasoning_tokens, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    add.insert(params![
        run,
        writer,
        entry.sum,
        entry.split,
        entry.steps,
        calls,
        unpriced,
        signed(cost.nanos()),
        tokens(usage.input_tokens),
        tokens(usage.cached_input_tokens),
        tokens(usage.cache_write_tokens),
        tokens(usage.output_tokens),
        tokens(usage.reasoning_tokens),
        entry.body,
    ])
}

/// SQLite integers are signed; sums of counts stay far below their maximum.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn mention(to: &Connection, entry: &Entry, run: i64) -> rusqlite::Result<()> {
    for payload in &entry.payloads {
        let hash = payload.hash.to_hex();
        if let Some(body) = &payload.body {
            let mut store = to.prepare_cached("INSERT OR IGNORE INTO payload(hash, body) VALUES (?1, ?2)")?;
            store.execute(params![hash.as_str(), body])?;
        }
        let mut find = to.prepare_cached("SELECT id FROM payload WHERE hash = ?1")?;
        let found: Option<i64> = find.query_row([hash.as_str()], |row| row.get(0)).optional()?;
        let Some(payload) = found else {
            let text = "another process pruned a large value of a run that has not ended";
            return Err(rusqlite::Error::ToSqlConversionFailure(text.into()));
        };
        let mut mention = to.prepare_cached("INSERT OR IGNORE INTO mention(run, payload) VALUES (?1, ?2)")?;
        mention.execute([run, payload])?;
    }
    Ok(())
}

fn take_turn(to: &Connection, turn: &Turn, Row { id: run, waits }: Row, ord: i64) -> rusqlite::Result<()> {
    match turn {
        Turn::Waits(place, slot) => {
            let mut wait = to.prepare_cached("INSERT OR REPLACE INTO wait(run, place, ord) VALUES (?1, ?2, ?3)")?;
            wait.execute(params![run, place, ord])?;
            let Some(slot) = slot else { return Ok(()) };
            let mut known = to.prepare_cached("INSERT OR REPLACE INTO slot(run, place, slot) VALUES (?1, ?2, ?3)")?;
            known.execute(params![run, place, slot]).map(drop)
        }
        Turn::NoLongerWaits(_) if !waits => Ok(()),
        Turn::NoLongerWaits(place) => {
            for end in
                ["DELETE FROM wait WHERE run = ?1 AND place = ?2", "DELETE FROM slot WHERE run = ?1 AND place = ?2"]
            {
                to.prepare_cached(end)?.execute(params![run, place])?;
            }
            Ok(())
        }
        Turn::RaceEnds(..) if !waits => Ok(()),
        Turn::RaceEnds(race, branch) => {
            let (inside, winner) = (format!("{race}["), race.nth(*branch).to_string());
            for table in ["wait", "slot"] {
                let lost = format!(
                    "DELETE FROM {table} WHERE run = ?1 AND substr(place, 1, length(?2)) = ?2
                     AND place <> ?3 AND substr(place, 1, length(?3) + 1) NOT IN (?3 || '/', ?3 || '[')"
                );
                to.prepare_cached(&lost)?.execute(params![run, inside, winner])?;
            }
            Ok(())
        }
        Turn::WaitsForNothing => to.prepare_cached("DELETE FROM wait WHERE run = ?1")?.execute([run]).map(drop),
        Turn::Ends { status, at, error } => {
            let mut end = to.prepare_cached(
                "UPDATE run SET status = ?2, ended = ?3, error = coalesce(?4, error) WHERE id = ?1 AND ended IS NULL",
            )?;
            end.execute(params![run, status.name(), at.0 as i64, error])?;
            for waits in ["DELETE FROM wait WHERE run = ?1", "DELETE FROM slot WHERE run = ?1"] {
                to.prepare_cached(waits)?.execute([run])?;
            }
            sum_up(to, run)
        }
        Turn::Resumes => {
            let mut resume = to.prepare_cached(
                "UPDATE run SET status = NULL, ended = NULL, error = NULL WHERE id = ?1 AND status = 'failed'",
            )?;
            resume.execute([run]).map(drop)
        }
    }
}

/// Stores the totals of an ended run in its own row, so that listing runs need not read entries.
fn sum_up(to: &Connection, run: i64) -> rusqlite::Result<()> {
    let mut sum = to.prepare_cached(
        "UPDATE run SET (steps, calls, unpriced, cost, input_tokens, cached_tokens, written_tokens, output_tokens,
           reasoning_tokens, upto)
         = (SELECT steps, calls, unpriced, cost, input_tokens, cached_tokens, written_tokens, output_tokens,
              reasoning_tokens, upto FROM total WHERE total.run = ?1)
         WHERE id = ?1",
    )?;
    sum.execute([run]).map(drop)
}
