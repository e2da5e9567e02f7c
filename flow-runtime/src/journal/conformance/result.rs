//! Results of the journal under test.

use crate::error::Result;

/// Returns the result, or panics with the journal's error.
pub(super) fn ok<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("the journal failed: {error}"))
}
