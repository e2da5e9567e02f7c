//! Digests of long texts, which are only ever compared for equality.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// Texts of up to this many bytes are kept as they are.
const SHORT: usize = 1024;

/// Prefix of a digest. No text that is compared with a digest starts with it.
const MARK: &str = "\0digest ";

/// Replaces each long text in a value with its digest. Digests are only comparable within one process.
pub(crate) fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > SHORT && !text.starts_with(MARK) => *text = digest(text),
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Returns whether a text that may have been shortened was equal to `text`.
pub(crate) fn is_same_text(shortened: &str, text: &str) -> bool {
    shortened == text || (shortened.starts_with(MARK) && text.len() > SHORT && shortened == digest(text))
}

fn digest(text: &str) -> String {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, text).hash(&mut hasher);
        hasher.finish()
    };
    format!("{MARK}{:016x}{:016x} of {} bytes", half(0), half(1), text.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_long_text_is_known_by_its_digest() {
        let long = "ab".repeat(SHORT);
        let mut value = json!({ "a": ["short", long.clone()] });
        shorten(&mut value);
        assert_eq!(value["a"][0], "short");
        let shortened = value["a"][1].as_str().unwrap();
        assert!(shortened.len() < 80);
        assert!(is_same_text(shortened, &long));
        assert!(!is_same_text(shortened, &"ba".repeat(SHORT)));
        assert!(is_same_text("short", "short"));
    }
}
