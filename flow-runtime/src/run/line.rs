//! The line format of logs: one JSON array per append. Records omit their run, and a step that took one attempt is one
//! object.

use serde::Serialize;
use serde::de::{Error as _, IgnoredAny};
use serde_json::{Deserializer, Error as JsonError};
#[cfg(any(test, feature = "sqlite"))]
use {serde::Deserialize, serde_json::Value};

use super::Record;
use super::step::{RECORDS, Step};
use crate::error::{Error, ErrorKind, Result};
use crate::place::RunId;

/// The current format number, written at the start of each line. Lines of the first format have no number.
const FORMAT: u64 = 2;

/// The field with the run of a record.
pub(crate) const RUN: &str = "run";

/// Returns the records of one append to a run's log as a line of text, without a line break.
///
/// The line is a JSON array: the number of the format, then the records without their run. It suits logs of any kind,
/// and is read by [`from_line`]. For a line of a trace, which has to be self-contained, serialise the [`Record`]
/// instead.
///
/// ```
/// use flow_runtime::run::{Record, RunId, Stamp, from_line, to_line};
///
/// let run: RunId = "cv-17".parse().unwrap();
/// let records = [Record::RunCancelled { run: run.clone(), at: Stamp(1_764_443_160_000) }];
/// let line = to_line(&records)?;
/// assert_eq!(line, r#"[2,{"record":"run_cancelled","at":1764443160000}]"#);
/// assert_eq!(from_line(&run, &line)?, records);
/// # Ok::<(), flow_runtime::error::Error>(())
/// ```
///
/// # Errors
///
/// Fails if a value cannot be written as JSON.
pub fn to_line(records: &[Record]) -> Result<String> {
    let mut line = begun();
    for item in items(records) {
        line.push(b',');
        let start = line.len();
        serde_json::to_writer(&mut line, &item)?;
        if let Item::Record(record) = item {
            cut(&mut line, start, &run_field(&record.run().to_string())?);
        }
    }
    line.push(b']');
    String::from_utf8(line).map_err(|error| Error::terminal(error.to_string()))
}

/// Returns the records of a [line](to_line) of a run's log.
///
/// Lines of all formats so far are read, including those without a number.
///
/// # Errors
///
/// Returns [`ErrorKind::Setup`] if the format is newer than this program, and another error if the text is no such line.
pub fn from_line(run: &RunId, line: &str) -> Result<Vec<Record>> {
    let line = line.trim();
    let (format, _) = number(line.strip_prefix('[').unwrap_or_default().as_bytes());
    if format > FORMAT {
        let text = format!(
            "the log of run `{run}` is in format {format}, and this program reads formats up to {FORMAT}; use a newer version of flow"
        );
        return Err(Error::new(ErrorKind::Setup, text));
    }
    read(&run.to_string(), line.as_bytes())
        .map_err(|error| Error::terminal(format!("a line of the log of run `{run}` cannot be read: {error}")))
}

/// An element of a line: one record, or several as a step.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time, on the stack")]
pub(crate) enum Item<'a> {
    Step(Step<'a>),
    Record(&'a Record),
}

/// Groups records into the elements that are written.
pub(crate) fn items(records: &[Record]) -> impl Iterator<Item = Item<'_>> {
    let mut rest = records;
    std::iter::from_fn(move || {
        if let Some(step) = Step::of(rest) {
            rest = &rest[RECORDS..];
            return Some(Item::Step(step));
        }
        let (first, more) = rest.split_first()?;
        rest = more;
        Some(Item::Record(first))
    })
}

/// Starts a line.
pub(crate) fn begun() -> Vec<u8> {
    let mut line = Vec::with_capacity(1024);
    line.extend_from_slice(format!("[{FORMAT}").as_bytes());
    line
}

/// Returns the field with the run, as it is serialised in a record.
pub(crate) fn run_field(run: &str) -> Result<String, JsonError> {
    Ok(format!(r#","{RUN}":{}"#, serde_json::to_string(run)?))
}

/// Removes the run from the record that starts at `start` and ends the line; the field follows the record's name.
/// Returns whether it was present.
pub(crate) fn cut(line: &mut Vec<u8>, start: usize, run: &str) -> bool {
    const NAME: usize = r#"{"record":""#.len();
    let name = line.get(start + NAME..).and_then(|rest| rest.iter().position(|byte| *byte == b'"'));
    let Some(at) = name.map(|length| start + NAME + length + 1) else { return false };
    let is_there = line[at..].starts_with(run.as_bytes());
    if is_there {
        line.drain(at..at + run.len());
    }
    is_there
}

/// Splits the leading number off a text; 1 if there is none.
fn number(text: &[u8]) -> (u64, &[u8]) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(&text[..digits]).ok().and_then(|digits| digits.parse().ok());
    (number.unwrap_or(if digits == 0 { 1 } else { u64::MAX }), &text[digits..])
}

/// Parses the records of a line of a run.
pub(crate) fn read(run: &str, line: &[u8]) -> Result<Vec<Record>, JsonError> {
    let begin = format!(r#"{{"{RUN}":{},"#, serde_json::to_string(run)?).into_bytes();
    let (_, mut rest) = number(line.strip_prefix(b"[").unwrap_or(line));
    rest = rest.strip_prefix(b",").unwrap_or(rest);
    let (mut records, mut record) = (Vec::new(), Vec::new());
    while let [b'{', fields @ ..] = rest {
        // Find the end of the record before parsing it.
        let mut records_left = Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        records_left.next().transpose()?;
        let end = records_left.byte_offset();
        if rest.starts_with(Step::START) {
            records.extend(serde_json::from_slice::<Step<'_>>(&rest[..end])?.records(run)?);
        } else {
            record.clear();
            record.extend_from_slice(&begin);
            record.extend_from_slice(&fields[..end - 1]);
            records.push(serde_json::from_slice(&record)?);
        }
        rest = rest[end..].strip_prefix(b",").unwrap_or(&rest[end..]);
    }
    match rest {
        b"]" => Ok(records),
        _ => Err(JsonError::custom("expected an array of records")),
    }
}

/// Like [`read`], for a line that is already parsed as JSON.
#[cfg(any(test, feature = "sqlite"))]
pub(crate) fn read_value(run: &str, line: Value) -> Result<Vec<Record>, JsonError> {
    let Value::Array(items) = line else { return serde_json::from_value(line) };
    let mut records = Vec::with_capacity(items.len());
    for mut item in items.into_iter().filter(|item| !item.is_number()) {
        if item["record"] == Step::NAME {
            records.extend(Step::deserialize(item)?.records(run)?);
            continue;
        }
        if let Value::Object(fields) = &mut item {
            fields.insert(RUN.to_owned(), run.into());
        }
        records.push(serde_json::from_value(item)?);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run() -> RunId {
        RunId::named("a \"run\"")
    }

    fn record(mut record: Value) -> Record {
        record["run"] = json!(run());
        serde_json::from_value(record).unwrap()
    }

    /// A step that took one attempt; `change` may turn it into something else.
    fn step(change: impl Fn(&mut [Value; 3])) -> Vec<Record> {
        let mut step = [
            json!({"record": "step_started", "place": "for[0]/write.2", "step": "write", "kind": "code",
                "input": {"run": 1, "place": "x"}, "at": 1_000}),
            json!({"record": "attempt", "place": "for[0]/write.2", "attempt": 1, "started": 1_000, "ended": 1_007}),
            json!({"record": "step_finished", "place": "for[0]/write.2", "output": null, "at": 1_007}),
        ];
        change(&mut step);
        step.into_iter().map(record).collect()
    }

    fn there_and_back(records: &[Record]) -> String {
        let line = to_line(records).unwrap();
        assert_eq!(from_line(&run(), &line).unwrap(), records, "{line}");
        let value = serde_json::from_str(&line).unwrap();
        assert_eq!(read_value(&run().to_string(), value).unwrap(), records, "{line}");
        line
    }

    #[test]
    fn a_step_of_one_attempt_is_one_object() {
        let line = there_and_back(&step(|_| {}));
        assert_eq!(
            line,
            r#"[2,{"record":"step","place":"for[0]/write.2","step":"write","kind":"code","input":{"run":1,"place":"x"},"output":null,"at":1000,"took":7}]"#
        );
        let plain = step(|step| step.iter_mut().for_each(|record| record["place"] = json!("for[0]/write")));
        let line = there_and_back(&plain);
        assert!(!line.contains(r#""step":"write""#), "the place says it: {line}");
    }

    #[test]
    fn all_that_a_model_step_recorded_comes_back() {
        let usage =
            json!({"input_tokens": 10, "cached_input_tokens": null, "output_tokens": 5, "reasoning_tokens": null});
        let spent = json!({"calls": 1, "usage": usage, "known_cost_nano_usd": 70, "unpriced": 0});
        let asked = |step: &mut [Value; 3]| {
            for (name, value) in [
                ("model", json!("a/b")),
                ("prompt", json!({"messages": [{"role": "user", "content": "Hi"}]})),
                ("schema", json!({"type": "object"})),
                ("reply", json!([{"type": "tool_call", "id": "1", "name": "f", "arguments": {}}])),
                ("usage", usage.clone()),
                ("cost_nano_usd", json!(70)),
            ] {
                step[1][name] = value;
            }
            step[2]["spent"] = spent.clone();
        };
        let line = there_and_back(&step(asked));
        assert!(
            line.contains(r#""record":"step""#) && !line.contains("spent") && !line.contains(r#"tokens":null"#),
            "{line}"
        );
        let more = step(|step| {
            asked(step);
            (step[2]["spent"]["calls"], step[2]["cached"]) = (json!(2), json!(true));
            (step[1]["started"], step[1]["ended"]) = (json!(1_001), json!(1_002));
        });
        assert!(there_and_back(&more).contains(r#""spent""#));
    }

    #[test]
    fn a_step_in_which_more_happened_stays_as_it_is() {
        let cases: [fn(&mut [Value; 3]); 6] = [
            |step| step[1]["attempt"] = json!(2),
            |step| step[1]["place"] = json!("other"),
            |step| step[2]["place"] = json!("other"),
            |step| step[1]["output"] = json!(5),
            |step| step[1]["error"] = json!("no luck"),
            // The clock was set back.
            |step| step[2]["at"] = json!(999),
        ];
        for change in cases {
            let line = there_and_back(&step(change));
            assert!(!line.contains(r#""record":"step","#), "{line}");
            assert_eq!(line.matches(r#""run":"#).count(), 1, "the user's own field stays: {line}");
        }
        let open = &step(|_| {})[..2];
        let end = record(json!({"record": "run_cancelled", "at": 4}));
        there_and_back(&[open, std::slice::from_ref(&end), &step(|_| {}), std::slice::from_ref(&end)].concat());
        there_and_back(&[]);
    }

    #[test]
    fn lines_of_the_first_format_are_read_and_those_of_a_newer_one_refused() {
        let first = r#"[{"record":"run_started","workflow":"w","input":{},"at":1},{"record":"step_started","place":"a","step":"a","kind":"code","input":{},"at":2}]"#;
        assert_eq!(from_line(&run(), first).unwrap().len(), 2);
        let error = from_line(&run(), r#"[3,{"record":"step"}]"#).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Setup);
        assert_eq!(
            error.message(),
            "the log of run `a \"run\"` is in format 3, and this program reads formats up to 2; use a newer version of flow"
        );
        assert!(from_line(&run(), "[2,{").unwrap_err().message().starts_with("a line of the log of run"));
    }
}
