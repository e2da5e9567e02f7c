//! The arguments of a run, from the command line, files and standard input. What is too long is refused before it is read.

mod place;
mod read;

use std::io::Read;

use flow_runtime::contract::Violation;
use serde_json::{Map, Value};

use super::arguments::{Assignment, InputArguments};
use super::failure::Failure;
use read::Limit;
pub(super) use read::Unreadable;

/// The arguments by name, as they were given; whether they are what the workflow takes is asked later.
pub(super) fn read(given: &InputArguments, stdin: &mut dyn Read, max_bytes: u64) -> Result<Value, Failure> {
    let input = match &given.input {
        Some(source) => json("input", source, stdin, Limit(max_bytes))?,
        None => Value::Object(Map::new()),
    };
    assigned(input, given, Limit(max_bytes))
}

/// The arguments that `--file` and `--set` give.
pub(super) fn given(given: &InputArguments, max_bytes: u64) -> Result<Value, Failure> {
    assigned(Value::Object(Map::new()), given, Limit(max_bytes))
}

/// The arguments with changes to those that were recorded; `None` where nothing is given.
pub(super) fn edited(
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
    assigned(base, given, Limit(max_bytes)).map(Some)
}

/// The value of an option: JSON, a file of it, or standard input.
pub(super) fn value(option: &str, source: &str, stdin: &mut dyn Read, max_bytes: u64) -> Result<Value, Failure> {
    json(option, source, stdin, Limit(max_bytes))
}

fn assigned(mut input: Value, given: &InputArguments, limit: Limit) -> Result<Value, Failure> {
    for file in &given.files {
        let text = limit.text_of(&file.value).map_err(|why| unreadable(file, &why))?;
        place::put(&mut input, &file.path, Value::String(text))?;
    }
    for set in &given.values {
        let value = serde_json::from_str(&set.value).unwrap_or_else(|_| Value::String(set.value.clone()));
        place::put(&mut input, &set.path, value)?;
    }
    Ok(input)
}

fn json(option: &str, source: &str, stdin: &mut dyn Read, limit: Limit) -> Result<Value, Failure> {
    let refused = |why: Unreadable| Failure::refused(format!("`--{option} {}` cannot be used: {why}", shown(source)));
    let text = match source.strip_prefix('@') {
        _ if source == "-" => limit.text(stdin).map_err(refused)?,
        Some(path) => limit.text_of(path).map_err(refused)?,
        None => source.to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| {
        let hint =
            if std::path::Path::new(source).is_file() { "; to read a file, write `@` before its name" } else { "" };
        Failure::refused(format!("`--{option} {}` is not JSON: {error}{hint}", shown(source)))
    })
}

fn unreadable(file: &Assignment, why: &Unreadable) -> Failure {
    let violation = Violation::new(&file.path, "the text of a file", &why.to_string());
    Failure::at(format!("`--file {}={}` cannot be used", file.path.join("."), file.value), violation)
}

/// The start of a long text.
fn shown(text: &str) -> String {
    const SHOWN: usize = 60;
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}
