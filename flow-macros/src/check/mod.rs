//! Rules that need no types. Each file is one family of them; all report to the sink.

mod effect;
pub(crate) mod prompt;
pub(crate) mod reach;
pub(crate) mod step;
