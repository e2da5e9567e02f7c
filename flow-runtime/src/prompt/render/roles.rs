//! `{{ role("assistant") }}`: splits one rendered text into several messages.
//!
//! Marks in the text separate the messages. The mark is chosen for each rendering, with a number that occurs in no argument, so no
//! document can contain it.

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

use super::{Message, Role};
use crate::prompt::is_blank;

/// The character around a mark. The number makes it unique; this only keeps marks readable in a debugger.
const EDGE: char = '\u{1}';

#[derive(Clone)]
pub(super) struct Marker {
    number: String,
}

impl Marker {
    /// Creates a marker whose number occurs in none of the arguments.
    pub(super) fn absent_from(arguments: &[(&str, serde_json::Value)]) -> Self {
        loop {
            let number = format!("{:039}", fastrand::u128(..));
            if !arguments.iter().any(|(_, value)| occurs(value, &number)) {
                return Self { number };
            }
        }
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
    pub(super) fn split(&self, text: &str, first: Role) -> Vec<Message> {
        let mark = format!("{EDGE}{}:", self.number);
        let mut parts = text.split(mark.as_str());
        let head = parts.next().map(|content| (first, content));
        let head = head.filter(|(_, content)| !is_blank(content));
        let rest = parts.filter_map(|part| {
            let (name, content) = part.split_once(EDGE)?;
            Some((role(name)?, content))
        });
        head.into_iter().chain(rest).map(|(role, content)| Message::new(role, without_blank_edges(content))).collect()
    }
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

fn occurs(value: &serde_json::Value, number: &str) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains(number),
        serde_json::Value::Array(items) => items.iter().any(|item| occurs(item, number)),
        serde_json::Value::Object(map) => map.iter().any(|(key, item)| key.contains(number) || occurs(item, number)),
        _ => false,
    }
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
        assert!(occurs(&value, "42") && occurs(&value, "7"));
        assert!(!occurs(&value, "43"));
    }

    #[test]
    fn a_mark_of_another_rendering_is_text() {
        let (one, two) = (Marker { number: "1".into() }, Marker { number: "2".into() });
        let messages = one.split("a\u{1}2:user\u{1}b\u{1}1:assistant\u{1}c", Role::User);
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].content, "a\u{1}2:user\u{1}b");
        assert_eq!(two.split("", Role::User), []);
    }
}
