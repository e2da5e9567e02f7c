//! Finds the JSON in a model's answer.

mod partial;
mod strict;
mod thoughts;

use std::fmt;

use serde_json::Value;

use super::SchemaSupport;
pub use partial::read_partial;

/// How many openings of JSON are tried in prose; a text with more of them is not an answer in JSON.
const CANDIDATES: usize = 64;

/// The number of characters of context an error shows on either side of the position.
const EXCERPT: usize = 40;

/// Reads the JSON of an answer.
///
/// Surrounding white space, a code fence, and leading thoughts (`<think>…</think>`) are always skipped. Words before and after
/// the JSON are skipped only if the endpoint promises no more than JSON ([`SchemaSupport::JsonMode`], [`SchemaSupport::None`]). A
/// duplicate key is an error, because neither value is better.
///
/// ````
/// use flow_runtime::provider::{SchemaSupport, read_answer};
/// use serde_json::json;
///
/// let fenced = "```json\n{\"years\": 4}\n```";
/// assert_eq!(read_answer(fenced, SchemaSupport::Strict).unwrap(), json!({"years": 4}));
///
/// let error = read_answer("{\"years\": four}", SchemaSupport::Strict).unwrap_err();
/// assert_eq!(error.to_string(), "the answer is not JSON: expected ident at line 1 column 12, near `{\"years\": four}`");
/// ````
pub fn read_answer(text: &str, support: SchemaSupport) -> Result<Value, Unreadable> {
    let plain = thoughts::without(text.trim_start_matches('\u{feff}').trim());
    let inner = fenced(plain).unwrap_or(plain);
    let error = match strict::parse(inner) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let words = matches!(support, SchemaSupport::JsonMode | SchemaSupport::None);
    if let Some(value) = words.then(|| among_words(plain)).flatten() {
        return Ok(value);
    }
    Err(Unreadable::new(inner, &error))
}

/// The content of a text that is a single code fence.
fn fenced(text: &str) -> Option<&str> {
    let (language, inner) = text.strip_prefix("```")?.split_once('\n')?;
    let inner = inner.trim_end().strip_suffix("```")?;
    let plain = language.trim().chars().all(char::is_alphanumeric) && !inner.contains("```");
    plain.then(|| inner.trim())
}

/// The longest JSON object or list within prose: shorter ones are quotations and footnotes.
fn among_words(text: &str) -> Option<Value> {
    let mut best: Option<(usize, Value)> = None;
    let mut from = 0;
    for _ in 0..CANDIDATES {
        let Some(start) = text[from..].find(['{', '[']).map(|at| from + at) else { break };
        from = start + 1;
        if let Some((length, value)) = strict::parse_prefix(&text[start..]) {
            from = start + length;
            if best.as_ref().is_none_or(|(longest, _)| length > *longest) {
                best = Some((length, value));
            }
        }
    }
    best.map(|(_, value)| value)
}

/// Why no JSON could be read from an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// The reason.
    pub reason: String,
    /// The line, from 1, starting at the first that is not blank.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The surrounding text.
    pub excerpt: String,
}

impl Unreadable {
    fn new(text: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let whole = error.to_string();
        let reason = whole.rsplit_once(" at line ").map_or(&whole[..], |(reason, _)| reason).to_owned();
        Self { reason, line, column, excerpt: excerpt(text, line, column) }
    }
}

/// The text around a position, on one line, cut at character boundaries.
fn excerpt(text: &str, line: usize, column: usize) -> String {
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = text.floor_char_boundary(line_start.saturating_add(column).min(text.len()));
    let before = text[..at].char_indices().rev().nth(EXCERPT - 1).map_or(0, |(index, _)| index);
    let after = text[at..].char_indices().nth(EXCERPT).map_or(text.len(), |(index, _)| at + index);
    text[before..after].split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, line, column, excerpt } = self;
        if excerpt.is_empty() {
            return f.write_str("the answer is empty: expected JSON");
        }
        write!(f, "the answer is not JSON: {reason} at line {line} column {column}, near `{excerpt}`")
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests;
