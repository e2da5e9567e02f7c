//! Durations as options write them.

use std::time::Duration;

pub use flow_base::duration::parse;

/// Reads a duration that the macros have not seen.
///
/// # Errors
///
/// Returns the message for an invalid duration.
pub(crate) fn read(text: &str) -> Result<Duration, String> {
    parse(text).ok_or_else(|| {
        format!(
            "invalid duration `{text}`: expected a whole number and a unit, such as `500ms`, `30s`, `5m`, `1h` or `3d`"
        )
    })
}

/// Like [`read`], for options of a call, which cannot fail.
///
/// # Panics
///
/// Panics with the message for an invalid duration.
pub(crate) fn read_or_panic(text: &str) -> Duration {
    read(text).unwrap_or_else(|message| panic!("{message}"))
}
