//! Ids that callers choose.

use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::place::RunId;

/// Separators in the text of a place, such as `map[17]/summarize.2`.
const SEPARATORS: [char; 4] = ['/', '.', '[', ']'];

impl FromStr for RunId {
    type Err = Error;

    /// Parses an id given by a caller for a new run.
    fn from_str(text: &str) -> Result<Self> {
        named_by_call(text)
    }
}

/// The rule for `.id(…)`. The macros check literals against it at compile time.
///
/// # Errors
///
/// Fails if the id is empty, or contains a control character or a separator of places.
pub(crate) fn named_by_call(id: &str) -> Result<RunId> {
    let refuse = |text: String| Err(Error::new(ErrorKind::Setup, text));
    if id.is_empty() {
        return refuse(
            "an id must not be empty, since results are recorded under it: remove `.id(…)`, or give it a name".into(),
        );
    }
    if id.contains(char::is_control) {
        return refuse(format!(
            "invalid id {id:?}: control characters are not allowed, since people read and type ids"
        ));
    }
    let Some(separator) = id.chars().find(|letter| SEPARATORS.contains(letter)) else { return Ok(RunId::named(id)) };
    let plain = id.replace(SEPARATORS, "-");
    refuse(format!(
        "invalid id `{id}`: `{separator}` separates the parts of a place, as in `map[17]/summarize.2`; use `.id(\"{plain}\")`"
    ))
}
