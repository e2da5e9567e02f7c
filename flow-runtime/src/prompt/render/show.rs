//! How values are printed in a prompt.

use minijinja::{Error, ErrorKind, Output, State, Value, value::ValueKind};
use serde::Serialize;

/// The engine's formatter for `{{ value }}`.
pub(super) fn write(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => out.write_str(text)?,
        None => out.write_str(&show(value)?)?,
    }
    Ok(())
}

/// Strings unchanged, everything else as JSON.
pub(super) fn show(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined => Err(Error::new(ErrorKind::UndefinedError, "cannot print an absent value")),
        ValueKind::String => Ok(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Plain => Ok(value.to_string()),
        _ => json(value, Some(2)),
    }
}

/// JSON with minimal escaping; `indent` spreads it over lines.
pub(super) fn json(value: &Value, indent: Option<usize>) -> Result<String, Error> {
    let mut out = Vec::new();
    let written = match indent {
        None => value.serialize(&mut serde_json::Serializer::new(&mut out)),
        Some(width) => {
            let spaces = " ".repeat(width.min(16));
            let formatter = serde_json::ser::PrettyFormatter::with_indent(spaces.as_bytes());
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter))
        }
    };
    written.map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
    String::from_utf8(out).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}
