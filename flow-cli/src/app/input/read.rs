//! Reads text and bytes of limited length.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

/// Written by some editors at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Maximum number of bytes read from one source.
#[derive(Clone, Copy)]
pub(super) struct Limit(pub(super) u64);

/// Why a source has no usable text.
#[derive(Debug)]
pub(in crate::app) enum Unreadable {
    Io(io::Error),
    TooLong { limit: u64 },
    NotText { at: usize },
}

impl Limit {
    pub(super) fn text_of(self, path: &str) -> Result<String, Unreadable> {
        self.text(self.open(path)?)
    }

    pub(super) fn bytes_of(self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.bytes(self.open(path)?)
    }

    fn open(self, path: &str) -> Result<File, Unreadable> {
        let file = File::open(path)?;
        if file.metadata()?.len() > self.0 {
            return Err(Unreadable::TooLong { limit: self.0 });
        }
        Ok(file)
    }

    /// Reads at most one byte beyond the limit.
    fn bytes(self, source: impl Read) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        source.take(self.0.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.0 {
            return Err(Unreadable::TooLong { limit: self.0 });
        }
        Ok(bytes)
    }

    /// Reads a text, and strips a byte order mark.
    pub(super) fn text(self, source: impl Read) -> Result<String, Unreadable> {
        let bytes = self.bytes(source)?;
        let mut text =
            String::from_utf8(bytes).map_err(|error| Unreadable::NotText { at: error.utf8_error().valid_up_to() })?;
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        Ok(text)
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::TooLong { limit } => write!(f, "more than {limit} bytes, the limit of one input"),
            Self::NotText { at } => write!(f, "invalid UTF-8 at byte {at}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_without_an_end_is_left_after_the_limit() {
        let endless = Limit(1000).text(io::repeat(b'x'));
        assert!(matches!(endless, Err(Unreadable::TooLong { limit: 1000 })), "{endless:?}");
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        assert_eq!(Limit(3).text(&b"abc"[..]).unwrap(), "abc");
        assert!(Limit(2).text(&b"abc"[..]).is_err());
    }

    #[test]
    fn a_byte_order_mark_in_front_is_no_part_of_the_text() {
        assert_eq!(Limit(9).text("\u{feff}a\u{feff}".as_bytes()).unwrap(), "a\u{feff}");
    }

    #[test]
    fn bytes_that_are_no_text_are_told_by_their_position() {
        let error = Limit(9).text(&b"ab\xff"[..]).unwrap_err();
        assert_eq!(error.to_string(), "invalid UTF-8 at byte 2");
    }
}
