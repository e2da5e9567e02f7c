//! The key to an account, kept out of everything that is shown.

use std::fmt;

const HIDDEN: &str = "[key]";

#[derive(Clone)]
pub(in crate::provider) struct Key(String);

impl Key {
    /// A key, unless it is blank.
    pub(in crate::provider) fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        (!key.is_empty()).then(|| Self(key.to_owned()))
    }

    pub(in crate::provider) fn reveal(&self) -> &str {
        &self.0
    }

    /// A text with the key blotted out.
    pub(in crate::provider) fn hide_in(&self, text: String) -> String {
        if text.contains(&self.0) { text.replace(&self.0, HIDDEN) } else { text }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}
