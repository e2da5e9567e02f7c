//! Records as the text of a row: a JSON array, in which none of them repeats of which run it is.

use std::io::{self, Write};

use blake3::Hash;
use serde::de::{Error as _, IgnoredAny};
use serde_json::{Deserializer, Error as JsonError, Value};

use super::codec::Sealer;
use super::payload::{LARGE, Payload, Splitter};
use crate::error::Result;
use crate::run::Record;

/// The field that says of which run a record is.
const RUN: &str = "run";

/// The text of records, and the large values that are stored apart, where there are any.
pub(super) fn written(
    run: &str,
    records: &[Record],
    sealer: &Sealer,
    known: &dyn Fn(&Hash) -> bool,
) -> Result<(Vec<u8>, Option<Vec<Payload>>)> {
    match small(run, records)?.filter(|_| !has_promise(records)) {
        Some(body) => Ok((body, None)),
        None => split(records, sealer, known).map(|(body, payloads)| (body, Some(payloads))),
    }
}

/// The records that a text holds.
pub(super) fn read(run: &str, text: &[u8]) -> Result<Vec<Record>, JsonError> {
    let begin = format!(r#"{{"{RUN}":{},"#, serde_json::to_string(run)?).into_bytes();
    let mut rest = text.strip_prefix(b"[").unwrap_or(text);
    let (mut records, mut record) = (Vec::new(), Vec::new());
    while let [b'{', fields @ ..] = rest {
        // Where a record ends is found before it is read.
        let mut records_left = Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        records_left.next().transpose()?;
        let end = records_left.byte_offset();
        record.clear();
        record.extend_from_slice(&begin);
        record.extend_from_slice(&fields[..end - 1]);
        records.push(serde_json::from_slice(&record)?);
        rest = rest[end..].strip_prefix(b",").unwrap_or(&rest[end..]);
    }
    match rest {
        b"]" => Ok(records),
        _ => Err(JsonError::custom("no array of records")),
    }
}

/// The records of an array in which large values were put back.
pub(super) fn joined(run: &str, batch: Value) -> Result<Vec<Record>, JsonError> {
    let Value::Array(batch) = batch else { return serde_json::from_value(batch) };
    let read = |mut record: Value| {
        if let Value::Object(fields) = &mut record {
            fields.insert(RUN.to_owned(), run.into());
        }
        serde_json::from_value(record)
    };
    batch.into_iter().map(read).collect()
}

/// Whether the records hold what runs of a workflow have in common, which is stored once whatever its size.
fn has_promise(records: &[Record]) -> bool {
    matches!(records, [Record::RunStarted { promise: Some(_), .. }, ..])
}

/// The records as a JSON array; `None` where one of them is large.
fn small(run: &str, records: &[Record]) -> Result<Option<Vec<u8>>> {
    let mut body = Bounded { bytes: Vec::with_capacity(1024), end: 0 };
    let run = format!(r#","run":{}"#, serde_json::to_string(run)?);
    for record in records {
        body.bytes.push(if body.bytes.is_empty() { b'[' } else { b',' });
        let start = body.bytes.len();
        body.end = start + LARGE;
        match serde_json::to_writer(&mut body, record) {
            Ok(()) if cut(&mut body.bytes, start, &run) => {}
            Ok(()) => return Ok(None),
            Err(error) if error.is_io() => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(closed(body.bytes)))
}

/// Takes the run out of a record that stands at the end of a text: it comes right after the record's name.
fn cut(text: &mut Vec<u8>, start: usize, run: &str) -> bool {
    const NAME: usize = r#"{"record":""#.len();
    let name = text.get(start + NAME..).and_then(|rest| rest.iter().position(|byte| *byte == b'"'));
    let Some(at) = name.map(|length| start + NAME + length + 1) else { return false };
    let is_there = text[at..].starts_with(run.as_bytes());
    if is_there {
        text.drain(at..at + run.len());
    }
    is_there
}

/// The records as a JSON array, and the large values that it mentions.
fn split(records: &[Record], sealer: &Sealer, known: &dyn Fn(&Hash) -> bool) -> Result<(Vec<u8>, Vec<Payload>)> {
    let mut splitter = Splitter { sealer, known, found: Vec::new() };
    let mut body = Vec::new();
    for record in records {
        body.push(if body.is_empty() { b'[' } else { b',' });
        let mut value = serde_json::to_value(record)?;
        if let Value::Object(fields) = &mut value {
            fields.shift_remove(RUN);
        }
        splitter.split_fields(&mut value);
        if let Record::RunStarted { promise: Some(_), .. } = record {
            splitter.take_text(&mut value["promise"]);
        }
        serde_json::to_writer(&mut body, &value)?;
    }
    Ok((closed(body), splitter.found))
}

fn closed(mut body: Vec<u8>) -> Vec<u8> {
    if body.is_empty() {
        body.push(b'[');
    }
    body.push(b']');
    body
}

/// Gives up where a record turns out to be large, before it is written as a whole.
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
                None => read(run, &text).unwrap(),
                Some(_) => split_off(run, &text),
            };
            let count = |text: &[u8]| String::from_utf8_lossy(text).matches(r#""run":"#).count();
            assert_eq!((again.len(), count(&text)), (4, 2), "the user's own fields stay");
            assert!(length > 1 || again == records);
        }
    }

    /// What a text says whose large values stand elsewhere.
    fn split_off(run: &str, text: &[u8]) -> Vec<Record> {
        let records = joined(run, serde_json::from_slice(text).unwrap()).unwrap();
        assert!(records.iter().all(|record| record.run().to_string() == run));
        records
    }
}
