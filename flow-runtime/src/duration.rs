//! Durations as options write them.

use std::time::Duration;

pub use flow_base::duration::parse;

/// Reads a duration that the macros have not seen.
///
/// # Panics
///
/// When the text is no duration; the panic names the forms that are.
pub(crate) fn parse_or_panic(text: &str) -> Duration {
    parse(text).unwrap_or_else(|| {
        panic!("`{text}` is no duration: write a whole number and a unit, as in `500ms`, `30s`, `5m`, `1h`, `3d`")
    })
}
