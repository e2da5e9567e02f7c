//! Numbers, strings and names.

use std::str::Chars;

/// The length of the number at the start of a text. An index after a dot has no fraction: `a.1.0` is `a[1][0]`.
pub(super) fn number_len(text: &str, is_index: bool) -> usize {
    #[derive(Clone, Copy)]
    enum State {
        Radix,
        Whole,
        Fraction,
        Exponent,
        Signed,
    }
    let bytes = text.as_bytes();
    let (radix, mut at) = radix(text);
    let mut state = if radix == 10 { State::Whole } else { State::Radix };
    at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    while let Some(byte) = bytes.get(at) {
        state = match (byte, state) {
            (b'.', State::Whole) if is_index || !begins_fraction(&text[at + 1..]) => break,
            (b'.', State::Whole) => State::Fraction,
            (b'e' | b'E', State::Whole | State::Fraction) => State::Exponent,
            (b'+' | b'-' | b'0'..=b'9', State::Exponent) => State::Signed,
            (b'0'..=b'9' | b'_', state) => state,
            (b'a'..=b'f' | b'A'..=b'F', State::Radix) if radix == 16 => state,
            _ => break,
        };
        at += 1;
    }
    at
}

/// `1.name` reads an attribute; `1.e5` is a number.
fn begins_fraction(rest: &str) -> bool {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('e' | 'E'), Some('+' | '-' | '0'..='9')) => true,
        (first, _) => !first.is_some_and(begins_name),
    }
}

pub(super) fn begins_name(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// The length of the name at the start of a text, by Rust's rules.
pub(super) fn name_len(text: &str) -> usize {
    if !text.starts_with(begins_name) {
        return 0;
    }
    text.find(|c| c != '_' && !unicode_ident::is_xid_continue(c)).unwrap_or(text.len())
}

fn radix(text: &str) -> (u32, usize) {
    match text.as_bytes().get(..2) {
        Some(b"0b" | b"0B") => (2, 2),
        Some(b"0o" | b"0O") => (8, 2),
        Some(b"0x" | b"0X") => (16, 2),
        _ => (10, 0),
    }
}

/// Parses a number: the value if it is an integer, `None` if it is a fraction, `Err` if it is invalid.
pub(super) fn number(text: &str) -> Result<Option<u128>, ()> {
    if text.ends_with('_') {
        return Err(());
    }
    let (radix, digits) = radix(text);
    let plain = text[digits..].replace('_', "");
    if radix == 10 && plain.contains(['.', 'e', 'E']) {
        return plain.parse::<f64>().map(|_| None).map_err(drop);
    }
    u128::from_str_radix(&plain, radix).map(Some).map_err(drop)
}

/// The length of the string at the start of a text, including quotes; `None` if it is not closed.
pub(super) fn string_len(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next()?;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Unescapes a quoted string; `None` if an escape sequence is invalid.
pub(super) fn string(quoted: &str) -> Option<String> {
    let mut text = Unescaped { text: String::new(), units: Vec::new() };
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.escape(&mut chars)?,
            c => text.push(c)?,
        }
    }
    text.finish()
}

struct Unescaped {
    text: String,
    /// Pending UTF-16 units from `\u`: a character may need two.
    units: Vec<u16>,
}

impl Unescaped {
    fn escape(&mut self, chars: &mut Chars<'_>) -> Option<()> {
        let c = match chars.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                self.units.push(u16::from_str_radix(digits(chars, 4)?, 16).ok()?);
                return Some(());
            }
            'x' => char::from(u8::from_str_radix(digits(chars, 2)?, 16).ok()?),
            first @ '0'..='7' => octal(first, chars)?,
            c @ ('"' | '\'' | '/' | '\\') => c,
            other => {
                self.push('\\')?;
                other
            }
        };
        self.push(c)
    }

    fn push(&mut self, c: char) -> Option<()> {
        self.text += &String::from_utf16(&std::mem::take(&mut self.units)).ok()?;
        self.text.push(c);
        Some(())
    }

    fn finish(self) -> Option<String> {
        Some(self.text + &String::from_utf16(&self.units).ok()?)
    }
}

fn digits<'a>(chars: &mut Chars<'a>, count: usize) -> Option<&'a str> {
    let (digits, rest) = chars.as_str().split_at_checked(count)?;
    *chars = rest.chars();
    Some(digits)
}

fn octal(first: char, chars: &mut Chars<'_>) -> Option<char> {
    let more = chars.as_str().bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let digits = format!("{first}{}", digits(chars, more)?);
    u8::from_str_radix(&digits, 8).ok().map(char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let first = |text: &str| text[..number_len(text, false)].to_owned();
        for (text, expected) in [
            ("12a", "12"),
            ("1.5.x", "1.5"),
            ("1.x", "1"),
            ("1.e5", "1.e5"),
            ("1.end", "1"),
            ("0xfFg", "0xfF"),
            ("1_000+1", "1_000"),
            ("1e-5-3", "1e-5"),
        ] {
            assert_eq!(first(text), expected);
        }
        assert_eq!(number_len("1.0", true), 1);
        assert_eq!(number("0b101"), Ok(Some(5)));
        assert_eq!(number("1_0.5"), Ok(None));
        for wrong in ["1_", "0x", "0b2", "1e", "9".repeat(50).as_str()] {
            assert_eq!(number(wrong), Err(()), "{wrong}");
        }
    }

    #[test]
    fn strings() {
        assert_eq!(string_len(r#"'a\'b'c"#), Some(6));
        assert_eq!(string_len(r"'a\'"), None);
        assert_eq!(string(r"'\n\x41\101\u00e9\ud83e\udd80\/\q'").as_deref(), Some("\nAAé🦀/\\q"));
        for wrong in [r"'\ud83e'", r"'\ud83ex'", r"'\xg0'", r"'\777'", r"'\u12'"] {
            assert_eq!(string(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_those_of_rust() {
        assert_eq!(name_len("größe_2 "), "größe_2".len());
        assert_eq!(name_len("2a"), 0);
    }
}
