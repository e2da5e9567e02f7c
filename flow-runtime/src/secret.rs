//! Values that must not be seen.

use std::fmt;

/// A value that is never shown, recorded or sent to a model.
///
/// It has no contract, so the build refuses it in the arguments and outputs of steps and workflows, and with them in prompts,
/// records and schemas. Keep it in a `#[state]`.
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one call that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
