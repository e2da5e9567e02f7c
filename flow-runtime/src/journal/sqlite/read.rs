//! Queries on the tables.

use std::collections::HashMap;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde_json::{Error as JsonError, Value};

use super::codec::Sealer;
use super::fault::{damaged, undecodable};
use super::files::Opened;
use super::payload::Joiner;
use crate::error::{Error, Result};
use crate::journal::Query;
use crate::money::Money;
use crate::place::RunId;
use crate::provider::{Spent, Usage};
use crate::run::line;
use crate::run::{Record, RunState, Stamp, Status, Summary, Wait};

pub(super) struct Reader<'a> {
    pub(super) connection: &'a Connection,
    pub(super) opened: &'a Opened,
    pub(super) sealer: &'a Sealer,
}

impl Reader<'_> {
    pub(super) fn run(&self, run: &RunId) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        self.each_of(run, |record| records.push(record))?;
        Ok(records)
    }

    /// The state of a run. Beyond that, at most the records of one append are in memory at once.
    pub(super) fn state(&self, run: &RunId) -> Result<RunState> {
        let mut state = RunState::default();
        self.each_of(run, |record| state.apply(record))?;
        Ok(state)
    }

    fn each_of(&self, run: &RunId, mut visit: impl FnMut(Record)) -> Result<()> {
        let entries =
            "SELECT sum, split, body FROM entry WHERE run = (SELECT id FROM run WHERE name = ?1) ORDER BY ord";
        let (name, mut loaded) = (run.to_string(), HashMap::new());
        self.each(entries, params![name], |row| {
            self.entry(&name, row, &mut loaded)?.into_iter().for_each(&mut visit);
            Ok(())
        })
    }

    /// The runs that match a query, the most recently started first.
    pub(super) fn runs(&self, query: &Query) -> Result<Vec<Summary>> {
        let (wanted, values) = condition(query);
        let mut runs = Vec::new();
        self.each(&format!("{SUMMARIES} {wanted}"), params_from_iter(values), |row| {
            runs.push(self.summary(row)?);
            Ok(())
        })?;
        Ok(runs)
    }

    /// The unfinished runs and their workflows.
    pub(super) fn unfinished(&self) -> Result<Vec<(RunId, String)>> {
        let mut runs = Vec::new();
        self.each("SELECT name, workflow FROM run WHERE status IS NULL ORDER BY id", [], |row| {
            runs.push((self.id(row, 0)?, self.get(row, 1)?));
            Ok(())
        })?;
        Ok(runs)
    }

    /// The runs that other processes appended to since an entry, and the last entry of the file.
    pub(super) fn news(&self, since: i64, writer: i64) -> Result<(Vec<RunId>, i64)> {
        let last: rusqlite::Result<Option<i64>> =
            self.connection.query_row("SELECT max(ord) FROM entry", [], |row| row.get(0));
        let last = last.map_err(|error| self.unreadable(&error))?.unwrap_or(0);
        // A literal `<> 0` lets SQLite use the partial index on visitors' entries.
        let others = if writer == 0 { "entry.writer <> 0 AND ?3 = 0" } else { "entry.writer <> ?3" };
        let entries = format!(
            "SELECT DISTINCT run.name FROM entry JOIN run ON run.id = entry.run
             WHERE entry.ord > ?1 AND entry.ord <= ?2 AND {others}"
        );
        let mut runs = Vec::new();
        self.each(&entries, params![since, last, writer], |row| {
            runs.push(self.id(row, 0)?);
            Ok(())
        })?;
        Ok((runs, last))
    }

    /// A cached answer that has not expired.
    pub(super) fn cached(&self, key: &str, now: Stamp) -> Result<Option<Value>> {
        let mut found = None;
        let answer = "SELECT sum, body FROM answer WHERE key = ?1 AND (until IS NULL OR until > ?2)";
        self.each(answer, params![key, now.0 as i64], |row| {
            let body = self.bytes(row, 1)?;
            let what = || format!("the cached answer for `{key}`");
            self.sealed(key, body, self.get(row, 0)?, &what)?;
            let json = self.sealer.open(body, |json| serde_json::from_slice(json))?;
            found = Some(json.map_err(|_| damaged(&self.opened.path, &what()))?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Decodes one row of `sum, split, body`.
    fn entry(&self, run: &str, row: &Row<'_>, loaded: &mut HashMap<String, Value>) -> Result<Vec<Record>> {
        let body = self.bytes(row, 2)?;
        let what = || format!("a record of run `{run}`");
        self.sealed(run, body, self.get(row, 0)?, &what)?;
        // The checksum matched, so the record is undamaged.
        let unclear = |error: JsonError| undecodable(&self.opened.path, run, &error);
        if !self.get::<bool>(row, 1)? {
            return self.sealer.open(body, |json| line::read(run, json))?.map_err(unclear);
        }
        let mut batch: Value = self.sealer.open(body, |json| serde_json::from_slice(json))?.map_err(unclear)?;
        self.join(&mut batch, loaded)?;
        line::read_value(run, batch).map_err(unclear)
    }

    /// Replaces references by their values, loading each value only once.
    fn join(&self, batch: &mut Value, loaded: &mut HashMap<String, Value>) -> Result<()> {
        let missing = |hash: &str| damaged(&self.opened.path, &format!("the large value {hash}"));
        let load = |hash: &str| {
            let mut body = None;
            self.each("SELECT body FROM payload WHERE hash = ?1", params![hash], |row| {
                let json = self.sealer.open(self.bytes(row, 0)?, |json| serde_json::from_slice(json))?;
                body = Some(json.map_err(|_| missing(hash))?);
                Ok(())
            })?;
            body.ok_or_else(|| missing(hash))
        };
        let taken = std::mem::take(loaded);
        let mut joiner = Joiner { sealer: self.sealer, load: &load, damaged: &missing, loaded: taken };
        joiner.join(batch)?;
        *loaded = joiner.loaded;
        Ok(())
    }

    fn summary(&self, row: &Row<'_>) -> Result<Summary> {
        let id: i64 = self.get(row, 0)?;
        let run = self.id(row, 1)?;
        let status: Option<String> = self.get(row, 5)?;
        let is_waiting: bool = self.get(row, 7)?;
        // An unreadable record is reported for its own run, and does not keep other runs from being listed.
        let (waits, unread) = match is_waiting.then(|| self.waits(id, &run.to_string())).transpose() {
            Ok(waits) => (waits.unwrap_or_default(), None),
            Err(error) => (Vec::new(), Some(error.message().to_owned())),
        };
        let status = match status.as_deref() {
            None if is_waiting => Status::Waiting,
            None => Status::Running,
            Some(name) => {
                ended(name).ok_or_else(|| damaged(&self.opened.path, &format!("the state of run `{run}`")))?
            }
        };
        let error = match self.optional_bytes(row, 6)? {
            Some(text) => Some(self.sealer.open(text, |text| String::from_utf8_lossy(text).into_owned())?),
            None => unread,
        };
        let stamp = |at: i64| Stamp(at as u64);
        Ok(Summary {
            run,
            workflow: self.get(row, 2)?,
            status,
            offline: self.get(row, 17)?,
            started: stamp(self.get(row, 3)?),
            ended: self.get::<Option<i64>>(row, 4)?.map(stamp),
            steps: self.get::<i64>(row, 8)? as u64,
            spent: self.spent(row)?,
            waits,
            error,
        })
    }

    /// Reads an id as everywhere else, so that it equals the ids in records.
    fn id(&self, row: &Row<'_>, at: usize) -> Result<RunId> {
        Ok(RunId::deserialize(self.get::<String>(row, at)?.into_deserializer()).map_err(|error: JsonError| error)?)
    }

    fn spent(&self, row: &Row<'_>) -> Result<Spent> {
        let count = |at| self.get::<i64>(row, at).map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        let tokens = |at| self.get::<Option<i64>>(row, at).map(|count| count.map(|count| count as u64));
        let usage = Usage {
            input_tokens: tokens(12)?,
            cached_input_tokens: tokens(13)?,
            cache_write_tokens: tokens(14)?,
            output_tokens: tokens(15)?,
            reasoning_tokens: tokens(16)?,
        };
        let cost = Money::from_nanos(self.get::<i64>(row, 11)? as u64);
        Ok(Spent { calls: count(9)?, usage, cost, unpriced: count(10)? })
    }

    /// The waits of a run, the oldest first, from the entries that recorded them.
    fn waits(&self, row: i64, run: &str) -> Result<Vec<Wait>> {
        let mut places: Vec<(i64, String)> = Vec::new();
        self.each("SELECT ord, place FROM wait WHERE run = ?1 ORDER BY ord", params![row], |row| {
            places.push((self.get(row, 0)?, self.get(row, 1)?));
            Ok(())
        })?;
        let mut waits = Vec::new();
        for batch in places.chunk_by(|(ord, _), (next, _)| ord == next) {
            let (mut records, mut loaded) = (Vec::new(), HashMap::new());
            let entry = "SELECT sum, split, body FROM entry WHERE ord = ?1";
            self.each(entry, params![batch[0].0], |row| {
                records.extend(self.entry(run, row, &mut loaded)?);
                Ok(())
            })?;
            let mut said: Vec<Wait> = Vec::new();
            for record in records {
                if let Record::Waiting(wait) = record
                    && batch.iter().any(|(_, place)| place == wait.place.as_str())
                {
                    said.retain(|earlier| earlier.place != wait.place);
                    said.push(*wait);
                }
            }
            waits.extend(said);
        }
        Ok(waits)
    }

    fn each(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        mut take: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let failed = |error: rusqlite::Error| self.unreadable(&error);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(parameters).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(row)?;
        }
        Ok(())
    }

    fn sealed(&self, of: &str, body: &[u8], sum: i64, what: &dyn Fn() -> String) -> Result<()> {
        if self.sealer.sum(of.as_bytes(), body) == sum { Ok(()) } else { Err(damaged(&self.opened.path, &what())) }
    }

    fn get<T: rusqlite::types::FromSql>(&self, row: &Row<'_>, at: usize) -> Result<T> {
        row.get(at).map_err(|error| self.unreadable(&error))
    }

    fn bytes<'r>(&self, row: &'r Row<'_>, at: usize) -> Result<&'r [u8]> {
        self.optional_bytes(row, at)?.ok_or_else(|| damaged(&self.opened.path, "a record"))
    }

    fn optional_bytes<'r>(&self, row: &'r Row<'_>, at: usize) -> Result<Option<&'r [u8]>> {
        let value = row.get_ref(at).map_err(|error| self.unreadable(&error))?;
        value.as_bytes_or_null().map_err(|_| damaged(&self.opened.path, "a record"))
    }

    fn unreadable(&self, error: &rusqlite::Error) -> Error {
        self.opened.unreadable(error)
    }
}

/// The last entry of a file, or 0.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<i64> {
    let last = connection.query_row("SELECT max(ord) FROM entry", [], |row| row.get::<_, Option<i64>>(0)).optional()?;
    Ok(last.flatten().unwrap_or(0))
}

pub(super) fn has(connection: &Connection, entry: i64) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM entry WHERE ord = ?1)", [entry], |row| row.get(0))
}

/// Sums come from the run's own row, or include later entries, which the view adds.
const SUMMARIES: &str = "
SELECT run.id, run.name, run.workflow, run.started, run.ended, run.status, run.error,
  EXISTS (SELECT 1 FROM wait WHERE wait.run = run.id) AS waits,
  total.steps, total.calls, total.unpriced, total.cost, total.input_tokens, total.cached_tokens, total.written_tokens,
  total.output_tokens, total.reasoning_tokens, run.offline
FROM run JOIN total ON total.run = run.id";

/// The SQL after the selection, with its parameters.
fn condition(query: &Query) -> (String, Vec<SqlValue>) {
    let mut values: Vec<SqlValue> = Vec::new();
    let mut all = vec!["1".to_owned()];
    if let Some(run) = &query.run {
        values.push(run.to_string().into());
        all.push(format!("run.name = ?{}", values.len()));
    }
    if let Some(workflow) = &query.workflow {
        values.push(workflow.clone().into());
        all.push(format!("run.workflow = ?{}", values.len()));
    }
    let states: Vec<String> = query
        .status
        .iter()
        .map(|status| match status {
            Status::Running => {
                "(run.status IS NULL AND NOT EXISTS (SELECT 1 FROM wait WHERE wait.run = run.id))".into()
            }
            Status::Waiting => "(run.status IS NULL AND EXISTS (SELECT 1 FROM wait WHERE wait.run = run.id))".into(),
            Status::NoExecutor => "0".into(),
            ended => format!("run.status = '{}'", ended.name()),
        })
        .collect();
    if !states.is_empty() {
        all.push(format!("({})", states.join(" OR ")));
    }
    let limit = query.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
    values.push(limit.into());
    (format!("WHERE {} ORDER BY run.id DESC LIMIT ?{}", all.join(" AND "), values.len()), values)
}

fn ended(name: &str) -> Option<Status> {
    [Status::Finished, Status::Failed, Status::Cancelled].into_iter().find(|status| status.name() == name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::lock::Hold;
    use super::super::{Sqlite, open};
    use super::*;

    /// The error of a connection that was opened before the damage and first reads after it.
    fn said_after(harm: fn(&Path)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flow.db");
        let journal = Sqlite::open(&path).unwrap();
        let identity = Hold::open(&path, false).unwrap().identity().clone();
        let opened = Opened { path: path.clone(), identity };
        let connection = open::reading(&opened).unwrap();
        harm(&path);
        let reader = Reader { connection: &connection, opened: &opened, sealer: &journal.0.sealer };
        reader.unfinished().unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_goes_between_opening_and_reading_is_named() {
        let said = said_after(|path| fs::rename(path, path.with_extension("moved")).unwrap());
        assert!(said.contains("flow.db was moved or deleted while it was open"), "{said}");
        let said = said_after(|path| fs::remove_file(path).unwrap());
        assert!(said.contains("flow.db was moved or deleted while it was open"), "{said}");
        let said = said_after(|path| fs::remove_dir_all(path.parent().unwrap()).unwrap());
        assert!(said.contains("flow.db was moved or deleted while it was open"), "{said}");
    }
}
