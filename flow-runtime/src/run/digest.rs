//! Long texts of which nobody needs more than to know whether another is the same.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// Texts up to this many bytes stay as they are.
const SHORT: usize = 1024;

/// What stands before the digest of a long text; no text that is compared with it begins so.
const MARK: &str = "\0digest ";

/// Puts a digest in the place of each long text in a value. It is good within one process.
pub(crate) fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > SHORT && !text.starts_with(MARK) => *text = digest(text),
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Whether a text that may have been shortened was this one.
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
