//! Kept signals, and the ids of those that arrived.

use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::codec::{Sealed, Sealer};
use super::entry::{Entry, hashed};
use super::mutex::locked;
use super::store::{Rows, append};
use crate::error::Result;
use crate::journal::signal::is_rejected;
use crate::journal::{Delivered, Judged, Signal, Slot};
use crate::place::{Place, RunId};
use crate::run::{Record, Stamp};

/// A slot for the writer's result, beyond a number.
pub(super) type Out<T> = Arc<Mutex<Option<T>>>;

/// Delivers or keeps a signal.
pub(super) struct Give {
    pub(super) signal: Signal,
    pub(super) judged: Vec<Judged>,
    pub(super) sealer: Sealer,
    pub(super) out: Out<Delivered>,
}

/// Starts the wait of a signal step.
pub(super) struct Take {
    pub(super) entry: Entry,
    pub(super) place: Place,
    pub(super) slot: Slot,
    pub(super) now: Stamp,
    pub(super) sealer: Sealer,
    pub(super) out: Out<Record>,
}

/// The part of a kept signal that SQL does not query.
#[derive(Serialize, Deserialize)]
struct Kept {
    answer: Value,
    by: Option<String>,
}

impl Give {
    pub(super) fn size(&self) -> usize {
        self.signal.answer.to_string().len() * (1 + self.judged.len())
    }

    pub(super) fn apply(&self, to: &Connection, rows: &mut Rows, writer: i64) -> rusqlite::Result<()> {
        let delivered = self.deliver(to, rows, writer)?;
        *locked(&self.out) = Some(delivered);
        Ok(())
    }

    fn deliver(&self, to: &Connection, rows: &mut Rows, writer: i64) -> rusqlite::Result<Delivered> {
        let signal = &self.signal;
        to.prepare_cached("DELETE FROM signal WHERE until <= ?1")?.execute([stamp(signal.at)])?;
        let event = signal.id.as_ref().map(|id| self.sealer.hash(b'e', id.as_bytes()).to_hex().to_string());
        let step = self.sealer.hash(b's', signal.slot.step().as_bytes()).to_hex().to_string();
        if let Some(event) = &event {
            let mut seen = to.prepare_cached("SELECT 1 FROM signal WHERE event = ?1 AND step = ?2")?;
            if seen.exists([event, &step])? {
                return Ok(Delivered::Repeated);
            }
        }
        let slot = hashed(&self.sealer, &signal.slot);
        let open = self.open(to, &slot)?;
        let kept = Kept { answer: signal.answer.clone(), by: signal.by.clone() };
        let body = open.is_empty().then(|| serde_json::to_vec(&kept)).transpose().map_err(failed)?;
        let body = body.map(|json| self.sealer.seal(json));
        if body.is_some() || event.is_some() {
            keep(
                to,
                &Row { slot: &slot, step: &step, event: event.as_deref(), until: signal.until },
                body,
                &self.sealer,
            )?;
        }
        if open.is_empty() {
            return Ok(Delivered::Kept);
        }
        let mut given = Vec::new();
        for (run, place) in open.into_iter().filter(|(run, place)| !is_rejected(&self.judged, run, place)) {
            let record = signal.answered(&run, &place, signal.at);
            let entry = Entry::new(run.to_string(), &[record], &self.sealer, &|_| false).map_err(failed)?;
            append(to, rows, &entry, writer)?;
            given.push((run, place));
        }
        Ok(Delivered::To(given))
    }

    /// The steps that wait for the signal, the oldest wait first. Waits from older formats have no slot; those that were asked
    /// are included anyway.
    fn open(&self, to: &Connection, slot: &str) -> rusqlite::Result<Vec<(RunId, Place)>> {
        let mut find = to.prepare_cached(
            "SELECT run.name, slot.place FROM slot JOIN wait ON wait.run = slot.run AND wait.place = slot.place
             JOIN run ON run.id = slot.run WHERE slot.slot = ?1 AND run.status IS NULL ORDER BY wait.ord, wait.place",
        )?;
        let rows = find.query_map([slot], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut open = Vec::new();
        for row in rows {
            let (run, place) = row?;
            let run = serde_json::from_value(run.into()).map_err(failed)?;
            open.push((run, serde_json::from_value(place.into()).map_err(failed)?));
        }
        let mut waits = to.prepare_cached(
            "SELECT 1 FROM wait JOIN run ON run.id = wait.run
             WHERE run.name = ?1 AND wait.place = ?2 AND run.status IS NULL",
        )?;
        for Judged { run, place, .. } in &self.judged {
            let asked = (run.clone(), place.clone());
            if !open.contains(&asked) && waits.exists(params![run.to_string(), place.as_str()])? {
                open.push(asked);
            }
        }
        Ok(open)
    }
}

impl Take {
    pub(super) fn apply(&self, to: &Connection, rows: &mut Rows, writer: i64) -> rusqlite::Result<()> {
        append(to, rows, &self.entry, writer)?;
        let slot = hashed(&self.sealer, &self.slot);
        let mut find = to.prepare_cached(
            "SELECT id, sum, body, event IS NOT NULL FROM signal
             WHERE slot = ?1 AND body IS NOT NULL AND until > ?2 ORDER BY id LIMIT 1",
        )?;
        let found = find
            .query_row(params![slot, stamp(self.now)], |row| {
                let body = row.get_ref(2)?.as_bytes()?.to_vec();
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, body, row.get::<_, bool>(3)?))
            })
            .optional()?;
        let Some((id, sum, body, has_event)) = found else { return Ok(()) };
        if self.sealer.sum(slot.as_bytes(), &body) != sum {
            return Err(failed("a kept signal is damaged"));
        }
        let kept = self.sealer.open(&body, |json| serde_json::from_slice::<Kept>(json)).map_err(failed)?;
        let Kept { answer, by } = kept.map_err(failed)?;
        let run: RunId = serde_json::from_value(self.entry.run.clone().into()).map_err(failed)?;
        let record = Record::Answered { run, place: self.place.clone(), answer, by, at: self.now };
        let entry = Entry::new(self.entry.run.clone(), std::slice::from_ref(&record), &self.sealer, &|_| false);
        append(to, rows, &entry.map_err(failed)?, writer)?;
        // The id stays, so that a repeat is recognized.
        let taken =
            if has_event { "UPDATE signal SET body = NULL WHERE id = ?1" } else { "DELETE FROM signal WHERE id = ?1" };
        to.prepare_cached(taken)?.execute([id])?;
        *locked(&self.out) = Some(record);
        Ok(())
    }
}

struct Row<'a> {
    slot: &'a str,
    step: &'a str,
    event: Option<&'a str>,
    until: Stamp,
}

fn keep(to: &Connection, row: &Row<'_>, body: Option<Sealed>, sealer: &Sealer) -> rusqlite::Result<()> {
    let sum = body.as_ref().map_or(0, |body| sealer.sum(row.slot.as_bytes(), body.bytes()));
    let mut keep =
        to.prepare_cached("INSERT INTO signal(slot, step, event, until, sum, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    keep.execute(params![row.slot, row.step, row.event, stamp(row.until), sum, body]).map(drop)
}

/// SQLite integers are signed.
fn stamp(at: Stamp) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

fn failed(why: impl ToString) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(why.to_string().into())
}

/// Takes the writer's result.
pub(super) fn answered<T>(out: &Out<T>) -> Option<T> {
    locked(out).take()
}

/// Creates the slot for a command's result.
pub(super) fn out<T>() -> Out<T> {
    Arc::default()
}

pub(super) fn delivered(out: &Out<Delivered>) -> Result<Delivered> {
    answered(out).ok_or_else(|| super::fault::setup("the journal did not report what happened to the signal"))
}
