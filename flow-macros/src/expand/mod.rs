//! The model as code. Nothing here reports errors.

mod body;
pub(crate) mod fallback;
mod glue;
mod graph;
mod meta;
mod prompt;
mod serve;
pub(crate) mod step;
mod tokens;
pub(crate) mod workflow;
