//! Records as the text of a row: a [line](crate::run::to_line) without its large values.

use std::io::{self, Write};

use blake3::Hash;
use serde_json::Value;

use super::codec::Sealer;
use super::payload::{LARGE, Payload, Splitter};
use crate::error::Result;
use crate::run::Record;
use crate::run::line::{self, Item};

/// Schemas of at least this size, in bytes of JSON, are stored separately: all answers of a step share one.
const SCHEMA: usize = 256;

/// The text of records, and their large values if any are stored separately.
pub(super) fn written(
    run: &str,
    records: &[Record],
    sealer: &Sealer,
    known: &dyn Fn(&Hash) -> bool,
) -> Result<(Vec<u8>, Option<Vec<Payload>>)> {
    match small(run, records)?.filter(|_| !records.iter().any(has_shared)) {
        Some(body) => Ok((body, None)),
        None => split(records, sealer, known).map(|(body, payloads)| (body, Some(payloads))),
    }
}

/// Whether a record holds values that other records share and that are stored once: a workflow's promise, an answer's schema.
fn has_shared(record: &Record) -> bool {
    match record {
        Record::RunStarted { promise, .. } => promise.is_some(),
        Record::Attempt(attempt) => attempt.schema.as_ref().is_some_and(|schema| schema.to_string().len() >= SCHEMA),
        _ => false,
    }
}

/// The records as a line; `None` if one of them is large.
fn small(run: &str, records: &[Record]) -> Result<Option<Vec<u8>>> {
    let mut body = Bounded { bytes: line::begun(), end: 0 };
    let run = line::run_field(run)?;
    for item in line::items(records) {
        body.bytes.push(b',');
        let start = body.bytes.len();
        body.end = start + LARGE;
        match serde_json::to_writer(&mut body, &item) {
            Ok(()) if matches!(item, Item::Step(_)) || line::cut(&mut body.bytes, start, &run) => {}
            Ok(()) => return Ok(None),
            Err(error) if error.is_io() => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    body.bytes.push(b']');
    Ok(Some(body.bytes))
}

/// The records as a line with references, and the large values it refers to.
fn split(records: &[Record], sealer: &Sealer, known: &dyn Fn(&Hash) -> bool) -> Result<(Vec<u8>, Vec<Payload>)> {
    let mut splitter = Splitter { sealer, known, found: Vec::new() };
    let mut body = line::begun();
    for item in line::items(records) {
        body.push(b',');
        let mut value = serde_json::to_value(&item)?;
        if let (Value::Object(fields), Item::Record(_)) = (&mut value, &item) {
            fields.shift_remove(line::RUN);
        }
        splitter.split_fields(&mut value);
        if let Item::Record(Record::RunStarted { promise: Some(_), .. }) = item {
            splitter.take_text(&mut value["promise"]);
        }
        if let Some(schema) = value.get_mut("schema").filter(|schema| schema.to_string().len() >= SCHEMA) {
            splitter.take(schema);
        }
        serde_json::to_writer(&mut body, &value)?;
    }
    body.push(b']');
    Ok((body, splitter.found))
}

/// Stops serializing as soon as a record exceeds the limit, instead of writing all of it.
struct Bounded {
    bytes: Vec<u8>,
    end: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.end {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_comes_back_as_one_of_its_run() {
        let run = "a \"run\"";
        let sealer = Sealer { codec: None, key: [7; super::super::codec::KEY] };
        let value = |length: usize| json!({ "run": run, "x": "x".repeat(length) });
        let place = "for[0]/write";
        for length in [1, LARGE * 2] {
            let records = [
                json!({ "record": "run_started", "run": run, "workflow": "w", "input": value(length), "at": 1 }),
                json!({ "record": "attempt", "run": run, "place": place, "attempt": 1, "started": 1, "ended": 2 }),
                json!({ "record": "step_finished", "run": run, "place": place, "output": value(length), "at": 3 }),
                json!({ "record": "run_cancelled", "run": run, "at": 4 }),
            ]
            .map(|record| serde_json::from_value::<Record>(record).unwrap());
            let (text, payloads) = written(run, &records, &sealer, &|_| false).unwrap();
            let again = match payloads {
                None => line::read(run, &text).unwrap(),
                Some(_) => split_off(run, &text),
            };
            let count = |text: &[u8]| String::from_utf8_lossy(text).matches(r#""run":"#).count();
            assert_eq!((again.len(), count(&text)), (4, 2), "the user's own fields stay");
            assert!(length > 1 || again == records);
        }
    }

    /// The records of a text whose large values are stored separately.
    fn split_off(run: &str, text: &[u8]) -> Vec<Record> {
        let records = line::read_value(run, serde_json::from_slice(text).unwrap()).unwrap();
        assert!(records.iter().all(|record| record.run().to_string() == run));
        records
    }
}
