//! Shortens server texts for failures.

use serde_json::Value;

/// How many characters of a body a failure keeps.
const BODY: usize = 2_000;

/// How many characters of an endpoint's message are shown.
const LINE: usize = 300;

/// The excerpt of a body that a failure keeps.
pub(in crate::provider) fn excerpt(bytes: &[u8]) -> String {
    // A character has at most 4 bytes, so no more of the body needs decoding.
    shortened(&String::from_utf8_lossy(&bytes[..bytes.len().min(4 * BODY)]), BODY)
}

/// A text on one line.
pub(in crate::provider) fn line(text: &str) -> String {
    shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "), LINE)
}

/// A token count, which some gateways write with a fraction.
pub(in crate::provider) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|count| *count >= 0.0).map(|count| count.ceil() as u64))
}

fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_short_and_whole_letters() {
        assert_eq!(excerpt("é".repeat(9000).as_bytes()).chars().count(), BODY + 1);
        assert_eq!(line(" a\n\tb "), "a b");
    }
}
