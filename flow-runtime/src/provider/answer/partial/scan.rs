//! Follows JSON byte by byte, and closes it where it ends.

use serde_json::Value;

/// How many levels are followed; the reader of the closed text accepts 127.
const LEVELS: usize = 120;

/// Closes a text that begins like JSON, and reads it.
pub(super) fn completed(text: &str) -> Option<Value> {
    let mut scan = Scan::default();
    for (at, byte) in text.bytes().enumerate() {
        if scan.take(text, at, byte).is_none() {
            break;
        }
    }
    serde_json::from_str(&scan.closed(text)?).ok()
}

#[derive(Default)]
struct Scan {
    /// The closing brackets that are due, the innermost last.
    open: Vec<u8>,
    expects: Expects,
    /// How much of the text can be closed.
    keeps: Option<usize>,
    /// Whether that ends within a string.
    keeps_text: bool,
}

/// What may come next.
#[derive(Clone, Copy, Default)]
enum Expects {
    #[default]
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    /// A comma, or the end of the list or object.
    More,
    /// The rest of a number or literal that began here.
    Word(usize),
    Text {
        is_key: bool,
        escape: Escape,
    },
}

/// How far an escape in a string is.
#[derive(Clone, Copy, PartialEq)]
enum Escape {
    None,
    Begun,
    /// The number of hexadecimal digits so far and their value; with the other half of a surrogate pair, if this is the second.
    Unicode(u8, u32, bool),
    /// The second half of a surrogate pair has to follow; whether its backslash was read.
    Pair(bool),
}

impl Scan {
    /// Takes the next byte; `None` if the text is not JSON from here on, or too deep.
    fn take(&mut self, text: &str, at: usize, byte: u8) -> Option<()> {
        match self.expects {
            Expects::Text { is_key, escape } => return self.in_text(is_key, escape, at, byte),
            Expects::Word(start) if is_delimiter(byte) => {
                serde_json::from_str::<Value>(&text[start..at]).ok()?;
                self.keep(at, Expects::More);
            }
            Expects::Word(start) => {
                if matches!(&text.as_bytes()[start..=at], b"true" | b"false" | b"null") {
                    self.keep(at + 1, Expects::More);
                }
                return byte.is_ascii().then_some(());
            }
            _ => {}
        }
        if byte.is_ascii_whitespace() { Some(()) } else { self.structure(at, byte) }
    }

    /// A byte outside strings and words.
    fn structure(&mut self, at: usize, byte: u8) -> Option<()> {
        match (self.expects, byte) {
            (Expects::ValueOrEnd | Expects::KeyOrEnd | Expects::More, b']' | b'}') => {
                self.open.pop_if(|due| *due == byte)?;
                self.keep(at + 1, Expects::More);
            }
            (Expects::More, b',') => {
                self.expects = if *self.open.last()? == b'}' { Expects::Key } else { Expects::Value };
            }
            (Expects::Colon, b':') => self.expects = Expects::Value,
            (Expects::Key | Expects::KeyOrEnd, b'"') => {
                self.expects = Expects::Text { is_key: true, escape: Escape::None };
            }
            (Expects::Value | Expects::ValueOrEnd, _) => self.value(at, byte)?,
            _ => return None,
        }
        Some(())
    }

    /// The first byte of a value.
    fn value(&mut self, at: usize, byte: u8) -> Option<()> {
        let (due, expects) = match byte {
            b'{' => (b'}', Expects::KeyOrEnd),
            b'[' => (b']', Expects::ValueOrEnd),
            b'"' => {
                self.keep(at + 1, Expects::Text { is_key: false, escape: Escape::None });
                self.keeps_text = true;
                return Some(());
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                self.expects = Expects::Word(at);
                return Some(());
            }
            _ => return None,
        };
        if self.open.len() >= LEVELS {
            return None;
        }
        self.open.push(due);
        self.keep(at + 1, expects);
        Some(())
    }

    fn in_text(&mut self, is_key: bool, escape: Escape, at: usize, byte: u8) -> Option<()> {
        if escape == Escape::None && byte == b'"' {
            match is_key {
                true => self.expects = Expects::Colon,
                false => self.keep(at + 1, Expects::More),
            }
            return Some(());
        }
        let escape = escape.then(byte)?;
        self.expects = Expects::Text { is_key, escape };
        if escape == Escape::None && !is_key {
            self.keeps = Some(at + 1);
        }
        Some(())
    }

    fn keep(&mut self, until: usize, expects: Expects) {
        (self.keeps, self.keeps_text, self.expects) = (Some(until), false, expects);
    }

    fn closed(&self, text: &str) -> Option<String> {
        let mut closed = text[..self.keeps?].to_owned();
        closed.extend(self.keeps_text.then_some('"'));
        closed.extend(self.open.iter().rev().map(|due| char::from(*due)));
        Some(closed)
    }
}

impl Escape {
    /// The state after the next byte of a string; `None` if the string is invalid.
    fn then(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::None, b'\\') => Self::Begun,
            (Self::None, 0x20..) | (Self::Begun, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Self::None,
            (Self::Begun, b'u') => Self::Unicode(0, 0, false),
            (Self::Pair(false), b'\\') => Self::Pair(true),
            (Self::Pair(true), b'u') => Self::Unicode(0, 0, true),
            (Self::Unicode(digits, value, is_second), _) => {
                let value = value << 4 | char::from(byte).to_digit(16)?;
                match (digits, value, is_second) {
                    (0..3, _, _) => Self::Unicode(digits + 1, value, is_second),
                    (_, 0xdc00..0xe000, true) => Self::None,
                    (_, _, true) | (_, 0xdc00..0xe000, false) => return None,
                    (_, 0xd800..0xdc00, false) => Self::Pair(false),
                    _ => Self::None,
                }
            }
            _ => return None,
        })
    }
}

fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}')
}
