//! What a server said, as much of it as a failure keeps.

use serde_json::Value;

/// Letters of a body that a failure keeps.
const BODY: usize = 2_000;

/// Letters of what an endpoint said that a failure's line shows.
const LINE: usize = 300;

/// A body as a failure keeps it.
pub(in crate::provider) fn excerpt(bytes: &[u8]) -> String {
    // A letter has at most 4 bytes: no more of the body is worth decoding.
    shortened(&String::from_utf8_lossy(&bytes[..bytes.len().min(4 * BODY)]), BODY)
}

/// A text as one line.
pub(in crate::provider) fn line(text: &str) -> String {
    shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "), LINE)
}

/// A count of tokens, which some gateways write as a number with a fraction.
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
