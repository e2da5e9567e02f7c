//! An API key, hidden from all output.

use std::fmt;

use crate::provider::Failure;

const HIDDEN: &str = "[key]";

/// From this length in characters, a key is distinctive enough to be hidden wherever it occurs.
const DISTINCT: usize = 12;

/// Words after which servers repeat a key.
const BEFORE: &[&str] = &["authorization", "bearer", "credential", "credentials", "key", "keys", "secret", "token"];

/// Words that may come between those and the key.
const BETWEEN: &[&str] = &["given", "is", "provided", "received", "was"];

#[derive(Clone)]
pub(in crate::provider) struct Key(String);

impl Key {
    /// Creates a key, unless it is blank.
    pub(in crate::provider) fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        (!key.is_empty()).then(|| Self(key.to_owned()))
    }

    pub(in crate::provider) fn reveal(&self) -> &str {
        &self.0
    }

    /// Hides the key in a text: a long one wherever it occurs; a short one, such as the `x` for a server that accepts any, only
    /// after a word for a key.
    pub(in crate::provider) fn hide_in(&self, text: String) -> String {
        if self.0.chars().count() >= DISTINCT {
            return self.without_start(text.replace(&self.0, HIDDEN));
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (at, _) in text.match_indices(&self.0).filter(|(at, _)| self.is_repeated(&text, *at)) {
            out.push_str(&text[done..at]);
            out.push_str(HIDDEN);
            done = at + self.0.len();
        }
        out.push_str(&text[done..]);
        out
    }

    /// Hides the key everywhere in a failure, in case an endpoint repeats it.
    pub(in crate::provider) fn hide(&self, mut failure: Failure) -> Failure {
        failure.message = self.hide_in(failure.message);
        failure.body = failure.body.map(|body| self.hide_in(body));
        failure.written = failure.written.map(|text| self.hide_in(text.into()).into());
        failure
    }

    /// Hides the start of a key at the end of a truncated text.
    fn without_start(&self, text: String) -> String {
        let Some(kept) = text.strip_suffix('…') else { return text };
        let starts = self.0.char_indices().map(|(at, _)| &self.0[..at]).skip(4);
        let longest = starts.filter(|start| kept.ends_with(start)).last();
        longest.map(|start| format!("{}{HIDDEN}…", &kept[..kept.len() - start.len()])).unwrap_or(text)
    }

    /// Whether the key occurs at a position as a separate word, after a word for it.
    fn is_repeated(&self, text: &str, at: usize) -> bool {
        let (before, after) = (&text[..at], &text[at + self.0.len()..]);
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        if before.ends_with(is_part) || after.starts_with(is_part) {
            return false;
        }
        let words = before.rsplit(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut words = words.map(str::to_lowercase).skip_while(|word| BETWEEN.contains(&&word[..]));
        words.next().is_some_and(|word| BEFORE.contains(&&word[..]))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(key: &str, text: &str) -> String {
        Key::new(key).unwrap().hide_in(text.to_owned())
    }

    #[test]
    fn a_short_key_is_hidden_by_its_place() {
        for (key, text, expected) in [
            ("a", "a model that was a key", "a model that was a key"),
            ("a", "Incorrect API key provided: a.", "Incorrect API key provided: [key]."),
            ("a", r#"{"message": "bad", "api_key": "a"}"#, r#"{"message": "bad", "api_key": "[key]"}"#),
            ("ollama", "authorization: Bearer ollama; ollama is busy", "authorization: Bearer [key]; ollama is busy"),
            ("x", "token `x` expired at x", "token `[key]` expired at x"),
            ("key", "the key is wrong", "the key is wrong"),
        ] {
            assert_eq!(hidden(key, text), expected, "{key}");
        }
    }

    #[test]
    fn a_long_key_is_hidden_everywhere_and_where_it_is_cut() {
        let key = "sk-secret-4711-0815";
        assert_eq!(hidden(key, "xsk-secret-4711-0815x"), "x[key]x");
        assert_eq!(hidden(key, "you gave sk-secret-47…"), "you gave [key]…");
        assert_eq!(hidden(key, "all of it…"), "all of it…");
    }
}
