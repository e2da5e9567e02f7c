//! Values that must not be shown.

use std::fmt;

/// A value that is never shown, recorded or sent to a model.
///
/// It is neither a contract nor `Serialize`, so the build rejects it in arguments, outputs and contracts, and it cannot reach
/// prompts, records or schemas. Keep it in a `#[state]`.
///
/// ```
/// use flow_runtime::secret::Secret;
///
/// let token = Secret::new("sk-123".to_owned());
/// assert_eq!(format!("{token} {token:?}"), "Secret(…) Secret(…)");
/// assert_eq!(token.expose(), "sk-123");
/// ```
#[derive(Clone)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value, for the one call that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

/// Used where serde would serialise a secret in a contract that the build rejects.
#[doc(hidden)]
pub mod never_written {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserializer, Serializer};

    const WHY: &str = "a secret is neither written nor read";

    /// Always fails.
    pub fn serialize<T, S: Serializer>(_: &T, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(WHY))
    }

    /// Always fails.
    pub fn deserialize<'de, T, D: Deserializer<'de>>(_: D) -> Result<T, D::Error> {
        Err(D::Error::custom(WHY))
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
