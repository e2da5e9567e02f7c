//! The model as code. Nothing here reports errors.

pub(crate) mod fallback;
pub(crate) mod meta;
pub(crate) mod prompt;
pub(crate) mod serve;
pub(crate) mod step;
pub(crate) mod tokens;
