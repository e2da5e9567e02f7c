//! `{{ role("assistant") }}` and `{{ photo }}`: splits one rendered text into messages and their parts.
//!
//! Marks in the text separate the messages, and show where attachments belong. The mark is chosen for each rendering, with a number
//! that occurs in no argument, so no document can contain it.

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

use super::{Message, Role};
use crate::media::{Medium, marked};
use crate::prompt::{Part, is_blank};

/// The character around a mark. The number makes it unique; this only keeps marks readable in a debugger.
const EDGE: char = '\u{1}';

/// What follows the number in the mark of an attachment; a colon follows it in that of a message.
const ATTACHED: char = '@';

pub(super) struct Marker {
    number: String,
    /// The attachments, in the order of their marks.
    media: Vec<Medium>,
}

impl Marker {
    /// Creates a marker whose number occurs in none of the arguments.
    pub(super) fn absent_from(arguments: &[(&str, serde_json::Value)]) -> Self {
        loop {
            let marker = Self { number: number(), media: Vec::new() };
            if !arguments.iter().any(|(_, value)| marker.is_forged_in(value)) {
                return marker;
            }
        }
    }

    /// Writes the arguments, with attachments as marks.
    pub(super) fn within<E>(
        mut write: impl FnMut() -> Result<serde_json::Value, E>,
    ) -> Result<(Self, serde_json::Value), E> {
        loop {
            let number = number();
            let mark = {
                let number = number.clone();
                move |index| attachment(&number, index)
            };
            let (arguments, media) = marked(mark, &mut write);
            let (marker, arguments) = (Self { number, media }, arguments?);
            if !marker.is_forged_in(&arguments) {
                return Ok((marker, arguments));
            }
        }
    }

    /// Whether a value holds the number other than as the mark of an attachment.
    fn is_forged_in(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => text.contains(&self.number) && self.medium(text).is_none(),
            serde_json::Value::Array(items) => items.iter().any(|item| self.is_forged_in(item)),
            serde_json::Value::Object(map) => {
                map.iter().any(|(key, item)| key.contains(&self.number) || self.is_forged_in(item))
            }
            _ => false,
        }
    }

    /// The attachment whose mark is the complete text.
    fn medium(&self, text: &str) -> Option<&Medium> {
        let index = text.strip_prefix(EDGE)?.strip_prefix(&self.number)?.strip_prefix(ATTACHED)?.strip_suffix(EDGE)?;
        self.media.get(index.parse::<usize>().ok()?)
    }

    /// The template function `role`, which prints a mark.
    pub(super) fn function(&self) -> Value {
        let number = self.number.clone();
        Value::from_function(move |name: String| match role(&name) {
            Some(_) => Ok(format!("{EDGE}{number}:{name}{EDGE}")),
            None => {
                Err(Error::new(ErrorKind::InvalidOperation, "`role` expects \"system\", \"user\" or \"assistant\""))
            }
        })
    }

    /// Splits a rendered text at its marks; text before the first mark has the role `first`.
    pub(super) fn split(&self, text: &str, first: Role) -> Result<Vec<Message>, Error> {
        let mark = format!("{EDGE}{}", self.number);
        let (mut messages, mut role, mut parts) = (Vec::new(), first, Vec::new());
        let mut pieces = text.split(mark.as_str());
        let head = pieces.next().filter(|head| !is_blank(head));
        let mut is_open = head.is_some();
        parts.extend(head.map(Part::text));
        for piece in pieces {
            let (name, rest) = piece.split_once(EDGE).ok_or_else(embedded)?;
            if let Some(next) = name.strip_prefix(':').and_then(self::role) {
                if is_open {
                    messages.push(message(role, std::mem::take(&mut parts)));
                }
                role = next;
            } else {
                let index = name.strip_prefix(ATTACHED).and_then(|index| index.parse::<usize>().ok());
                parts.push(Part::media(index.and_then(|index| self.media.get(index)).ok_or_else(embedded)?));
            }
            is_open = true;
            parts.push(Part::text(rest));
        }
        if is_open {
            messages.push(message(role, parts));
        }
        let texts = messages.iter().flat_map(|message| message.content.parts()).filter_map(Part::as_text);
        if texts.into_iter().any(|text| text.contains(&self.number)) {
            return Err(embedded());
        }
        match messages.iter().find(|message| message.role == Role::System && message.content.as_text().is_none()) {
            Some(_) => Err(Error::new(ErrorKind::InvalidOperation, "an attachment cannot be in a system message")),
            None => Ok(messages),
        }
    }
}

/// A message without the blank lines around its texts. Text that is only blank lines separates nothing from an attachment.
fn message(role: Role, parts: Vec<Part>) -> Message {
    let has_media = parts.iter().any(|part| part.as_text().is_none());
    let trimmed = parts.into_iter().map(|part| match part.as_text() {
        Some(text) => Part::text(without_blank_edges(text)),
        None => part,
    });
    let content = trimmed.filter(|part| !has_media || part.as_text().is_none_or(|text| !is_blank(text)));
    Message::new(role, content.collect::<Vec<_>>())
}

/// A mark that is not where it was printed: it was put into JSON, or changed.
fn embedded() -> Error {
    Error::new(ErrorKind::InvalidOperation, "an attachment was printed as part of a text: print it by itself")
}

fn number() -> String {
    format!("{:039}", fastrand::u128(..))
}

fn attachment(number: &str, index: usize) -> String {
    format!("{EDGE}{number}{ATTACHED}{index}{EDGE}")
}

fn role(name: &str) -> Option<Role> {
    match name {
        "system" => Some(Role::System),
        "user" => Some(Role::User),
        "assistant" => Some(Role::Assistant),
        _ => None,
    }
}

/// Removes blank lines at the start and end, but not the indentation of the first line.
fn without_blank_edges(text: &str) -> &str {
    let first = text.len() - text.trim_start().len();
    let start = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let last = text.trim_end().len();
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline);
    if first == text.len() { "" } else { text[start..end].strip_suffix('\r').unwrap_or(&text[start..end]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_blank_lines_and_keeps_indentation() {
        assert_eq!(without_blank_edges("\n  \n  a\n\n b \n \n"), "  a\n\n b ");
        assert_eq!(without_blank_edges("a"), "a");
        assert_eq!(without_blank_edges(" a "), " a ");
        assert_eq!(without_blank_edges("\r\na\r\n"), "a");
        assert_eq!(without_blank_edges(" \n\t\n"), "");
        assert_eq!(without_blank_edges(""), "");
    }

    #[test]
    fn the_number_is_found_anywhere_in_the_arguments() {
        let value = serde_json::json!({"a": [1, {"7": "x 42 y"}]});
        let occurs = |number: &str| Marker { number: number.into(), media: Vec::new() }.is_forged_in(&value);
        assert!(occurs("42") && occurs("7"));
        assert!(!occurs("43"));
    }

    #[test]
    fn a_mark_of_another_rendering_is_text() {
        let marker = |number: &str| Marker { number: number.into(), media: Vec::new() };
        let messages = marker("1").split("a\u{1}2:user\u{1}b\u{1}1:assistant\u{1}c", Role::User).unwrap();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].content, "a\u{1}2:user\u{1}b");
        assert_eq!(marker("2").split("", Role::User).unwrap(), []);
    }
}
