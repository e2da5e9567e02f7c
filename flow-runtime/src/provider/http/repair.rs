//! Parses slightly invalid JSON from servers: invalid UTF-8, lone surrogates, raw control characters in strings.

use serde_json::Value;

/// Parses a body. Invalid UTF-8 becomes U+FFFD: the rest is still useful, above all the token counts.
pub(super) fn parse(body: &[u8]) -> serde_json::Result<Value> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).or_else(|error| {
        let mended = mended(&String::from_utf8_lossy(body));
        // Report the error about what the server actually sent.
        serde_json::from_str(&mended).map_err(|_| error)
    })
}

/// Replaces escapes that are not characters, and escapes raw control characters in strings.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text, false);
    while let Some(letter) = rest.chars().next() {
        let mut length = letter.len_utf8();
        match letter {
            '"' => in_string = !in_string,
            '\\' if in_string => {
                let (escape, taken) = escape(rest);
                out.push_str(escape);
                rest = &rest[taken..];
                continue;
            }
            '\0'..='\x1f' if in_string => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
                rest = &rest[length..];
                length = 0;
            }
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// The escape at the start of a text or its replacement, and the number of bytes it takes.
fn escape(text: &str) -> (&str, usize) {
    let Some(first) = unit(text) else {
        let length = text.chars().take(2).map(char::len_utf8).sum();
        return (&text[..length], length);
    };
    match first {
        0xd800..=0xdbff if unit(&text[6..]).is_some_and(|second| (0xdc00..=0xdfff).contains(&second)) => {
            (&text[..12], 12)
        }
        0xd800..=0xdfff => ("\u{fffd}", 6),
        _ => (&text[..6], 6),
    }
}

/// The code unit of a `\uXXXX` at the start of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_text_is_replaced_and_the_rest_is_read() {
        for (body, expected) in [
            (&br#"{"a": "x\ud83d", "n": 7}"#[..], "x\u{fffd}"),
            (br#"{"a": "\udc00x", "n": 7}"#, "\u{fffd}x"),
            (br#"{"a": "\ud83d\ud83d\ude00", "n": 7}"#, "\u{fffd}\u{1f600}"),
            (br#"{"a": "\ud83dA", "n": 7}"#, "\u{fffd}A"),
            (br#"{"a": "\\ud83d\ud83d", "n": 7}"#, "\\ud83d\u{fffd}"),
            (b"{\"a\": \"x\xff\xfey\", \"n\": 7}", "x\u{fffd}\u{fffd}y"),
            (b"{\"a\": \"x\ny\t\\\"\", \"n\": 7}", "x\ny\t\""),
            (b"\xef\xbb\xbf{\"a\": \"x\", \"n\": 7}", "x"),
        ] {
            assert_eq!(parse(body).unwrap(), json!({"a": expected, "n": 7}), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn what_is_no_json_stays_an_error() {
        for body in [&b""[..], b"<html>", b"{\"a\": \"x", b"{\"a\": \"\\", b"\"\\u12", b"\"\\ud83d"] {
            assert!(parse(body).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }
}
