//! Reads the arguments of a run from the command line, files and standard input. Sizes are limited.

mod place;
mod read;

use std::io::Read;

use flow_runtime::contract::{Unparsed, Violation, means_only_text, means_text, parse_json, takes_media, takes_text};
use flow_runtime::graph::Meta;
use flow_runtime::media::Medium;
use serde_json::{Map, Value};

use super::arguments::{Assignment, InputArguments};
use super::failure::Failure;
use read::Limit;
pub(super) use read::Unreadable;

/// The arguments by name, not validated against the contract yet.
pub(super) fn read(
    meta: &'static Meta,
    given: &InputArguments,
    stdin: &mut dyn Read,
    max_bytes: u64,
) -> Result<Value, Failure> {
    let input = match &given.input {
        Some(source) => json("input", source, stdin, Limit(max_bytes))?,
        None => Value::Object(Map::new()),
    };
    assigned(meta, input, given, Limit(max_bytes))
}

/// Only the arguments from `--file` and `--set`.
pub(super) fn given(meta: &'static Meta, given: &InputArguments, max_bytes: u64) -> Result<Value, Failure> {
    assigned(meta, Value::Object(Map::new()), given, Limit(max_bytes))
}

/// The recorded arguments with changes applied; `None` if the command line changes nothing.
pub(super) fn edited(
    meta: &'static Meta,
    recorded: Value,
    given: &InputArguments,
    stdin: &mut dyn Read,
    max_bytes: u64,
) -> Result<Option<Value>, Failure> {
    let InputArguments { input, files, values } = given;
    if input.is_none() && files.is_empty() && values.is_empty() {
        return Ok(None);
    }
    let base = input.as_ref().map_or_else(|| Ok(recorded), |source| json("input", source, stdin, Limit(max_bytes)))?;
    assigned(meta, base, given, Limit(max_bytes)).map(Some)
}

/// The JSON value of an option: inline, `@FILE`, or `-` for standard input.
pub(super) fn value(option: &str, source: &str, stdin: &mut dyn Read, max_bytes: u64) -> Result<Value, Failure> {
    json(option, source, stdin, Limit(max_bytes))
}

fn assigned(meta: &'static Meta, mut input: Value, given: &InputArguments, limit: Limit) -> Result<Value, Failure> {
    refuse_repeated("file", &given.files)?;
    refuse_repeated("set", &given.values)?;
    for file in &given.files {
        place::put(&mut input, &file.path, content(meta, file, limit)?)?;
    }
    for set in &given.values {
        place::put(&mut input, &set.path, set_to(meta, set)?)?;
    }
    // A tag next to a value can decide its type, so assign all values before checking which must be text.
    for set in &given.values {
        if is_meant_as_text(meta, &input, set) {
            place::put(&mut input, &set.path, Value::String(set.value.clone()))?;
        }
    }
    Ok(input)
}

/// The text of a file, or the file itself where the contract takes an attachment.
fn content(meta: &'static Meta, file: &Assignment, limit: Limit) -> Result<Value, Failure> {
    let place = place::argument(meta, &file.path);
    let Some(kind) = place.and_then(|(argument, path)| takes_media(argument.contract.shape, path)) else {
        let text = limit.text_of(&file.value).map_err(|why| unreadable(file, "the text of a file", &why))?;
        return Ok(Value::String(text));
    };
    let expected = format!("{} of at most {} bytes", kind.text(), limit.0);
    let bytes = limit.bytes_of(&file.value).map_err(|why| unreadable(file, &expected, &why))?;
    let medium = Medium::new(kind, None, bytes).map_err(|error| unreadable(file, &expected, &error))?;
    serde_json::to_value(&medium).map_err(|error| unreadable(file, &expected, &error))
}

/// Whether the contract expects a string where a value was parsed as other JSON.
fn is_meant_as_text(meta: &'static Meta, input: &Value, set: &Assignment) -> bool {
    let Some((argument, path)) = place::argument(meta, &set.path) else { return false };
    let whole = &input[argument.name];
    let put = path.iter().try_fold(whole, |value, name| value.get(name));
    put.is_some_and(|value| !value.is_string()) && means_text(argument.contract.shape, path, whole, &set.value)
}

/// Parses the value as JSON, or else takes it as a string.
fn set_to(meta: &'static Meta, set: &Assignment) -> Result<Value, Failure> {
    match parse_json(set.value.as_bytes()) {
        Ok(value) => Ok(value),
        Err(why) => match why.violation() {
            None if is_broken_json(meta, set) => {
                Err(Failure::refused(format!("`--set {}=…` is not JSON: {why}", set.path.join("."))))
            }
            None => Ok(Value::String(set.value.clone())),
            Some(_) if is_text_alone(meta, set) => Ok(Value::String(set.value.clone())),
            Some(violation) => {
                let violation = set.path.iter().rev().fold(violation.clone(), |inner, name| inner.under(name));
                Err(Failure::at(format!("`--set {}=…` cannot be used", set.path.join(".")), violation))
            }
        },
    }
}

/// Whether the value starts like a list or an object at a place that does not accept a string.
fn is_broken_json(meta: &'static Meta, set: &Assignment) -> bool {
    set.value.trim_start().starts_with(['{', '['])
        && place::argument(meta, &set.path)
            .is_some_and(|(argument, path)| !takes_text(argument.contract.shape, path, &set.value))
}

fn is_text_alone(meta: &'static Meta, set: &Assignment) -> bool {
    place::argument(meta, &set.path)
        .is_some_and(|(argument, path)| means_only_text(argument.contract.shape, path, &set.value))
}

/// Rejects a value that would replace an earlier one, at the same path or below it.
fn refuse_repeated(option: &str, assignments: &[Assignment]) -> Result<(), Failure> {
    for (at, later) in assignments.iter().enumerate() {
        if assignments[..at].iter().any(|earlier| earlier.path.starts_with(&later.path)) {
            let violation = Violation::new(&later.path, "one value", "another one, which would replace the first");
            return Err(Failure::at(format!("`--{option} {}=…` is given twice", later.path.join(".")), violation));
        }
    }
    Ok(())
}

pub(super) fn unparsed(what: &str, why: &Unparsed, hint: &str) -> Failure {
    match why.violation() {
        Some(violation) => Failure::at(format!("{what} cannot be used"), violation.clone()),
        None => Failure::refused(format!("{what} is not JSON: {why}{hint}")),
    }
}

fn json(option: &str, source: &str, stdin: &mut dyn Read, limit: Limit) -> Result<Value, Failure> {
    let refused = |why: Unreadable| Failure::refused(format!("`--{option} {}` cannot be used: {why}", shown(source)));
    let text = match source.strip_prefix('@') {
        _ if source == "-" => limit.text(stdin).map_err(refused)?,
        Some(path) => limit.text_of(path).map_err(refused)?,
        None => source.to_owned(),
    };
    parse_json(text.as_bytes()).map_err(|why| {
        let hint =
            if std::path::Path::new(source).is_file() { "; to read a file, write `@` before its name" } else { "" };
        unparsed(&format!("`--{option} {}`", shown(source)), &why, hint)
    })
}

fn unreadable(file: &Assignment, expected: &str, why: &dyn std::fmt::Display) -> Failure {
    let violation = Violation::new(&file.path, expected, &why.to_string());
    Failure::at(format!("`--file {}={}` cannot be used", file.path.join("."), file.value), violation)
}

/// Truncates a long text.
fn shown(text: &str) -> String {
    const SHOWN: usize = 60;
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}
