//! Configuration values with their positions in the file.

use std::fmt;
use std::ops::Range;

use flow_runtime::money::Money;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// An error in the file, and its byte range.
#[derive(Debug)]
pub(super) struct Wrong {
    at: Range<usize>,
    text: String,
}

impl Wrong {
    pub(super) fn new(at: Range<usize>, text: impl Into<String>) -> Self {
        Self { at, text: text.into() }
    }

    /// Formats as `line:column: text`; columns count characters, from 1.
    pub(super) fn within(&self, source: &str) -> String {
        let before = &source[..self.at.start.min(source.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
        format!("{line}:{column}: {}", self.text)
    }
}

/// A value and its key.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) key_at: &'a dyn Located,
    value: &'a Spanned<DeValue<'a>>,
}

/// Something with a byte range in the file.
pub(super) trait Located {
    fn at(&self) -> Range<usize>;
}

impl<T> Located for Spanned<T> {
    fn at(&self) -> Range<usize> {
        self.span()
    }
}

/// The entries of a table, in file order.
pub(super) fn entries<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<_> =
        table.iter().map(|(key, value)| Entry { key: key.get_ref(), key_at: key, value }).collect();
    entries.sort_by_key(|entry| entry.key_at.at().start);
    entries
}

impl<'a> Entry<'a> {
    /// Error for an unexpected value.
    pub(super) fn wrong(&self, expected: impl fmt::Display) -> Wrong {
        let found = match self.value.get_ref() {
            DeValue::String(text) => format!("\"{text}\""),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            other => format!("{} {}", article(other.type_str()), other.type_str()),
        };
        Wrong::new(self.value.span(), format!("invalid `{}`: expected {expected}, found {found}", self.key))
    }

    pub(super) fn table(&self) -> Result<Vec<Entry<'a>>, Wrong> {
        let table = self.value.get_ref().as_table().ok_or_else(|| self.wrong("a table"))?;
        Ok(entries(table))
    }

    pub(super) fn text(&self, expected: &str) -> Result<&'a str, Wrong> {
        self.value.get_ref().as_str().ok_or_else(|| self.wrong(expected))
    }

    pub(super) fn texts(&self, expected: &str) -> Result<Vec<&'a str>, Wrong> {
        let list = self.value.get_ref().as_array().ok_or_else(|| self.wrong(expected))?;
        list.iter().map(|text| text.get_ref().as_str().ok_or_else(|| self.wrong(expected))).collect()
    }

    /// The elements of a list, each under the key of the list.
    pub(super) fn list(&self, expected: &str) -> Result<Vec<Entry<'a>>, Wrong> {
        let list = self.value.get_ref().as_array().ok_or_else(|| self.wrong(expected))?;
        Ok(list.iter().map(|value| Entry { value, ..*self }).collect())
    }

    /// Error with this message, at the value.
    pub(super) fn told(&self, text: String) -> Wrong {
        Wrong::new(self.value.span(), text)
    }

    pub(super) fn truth(&self) -> Result<bool, Wrong> {
        self.value.get_ref().as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    /// A whole number above 0.
    pub(super) fn count(&self) -> Result<u64, Wrong> {
        let number = self.value.get_ref().as_integer().filter(|number| number.radix() == 10);
        let number = number.and_then(|number| number.as_str().parse().ok()).filter(|number| *number > 0);
        number.ok_or_else(|| self.wrong("a whole number above 0"))
    }

    /// An amount of dollars: `"$0.50"`, `"0.50"` or `0.50`.
    pub(super) fn dollars(&self) -> Result<Money, Wrong> {
        let text = match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            DeValue::Float(number) => Some(number.as_str()),
            _ => None,
        };
        text.and_then(Money::parse).ok_or_else(|| self.wrong("an amount in dollars, such as \"$0.50\" or 20"))
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
