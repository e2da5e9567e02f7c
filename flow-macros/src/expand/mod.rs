//! Generates code from the model. Nothing here reports errors.

mod approval;
mod body;
mod demands;
mod ended;
pub(crate) mod fallback;
mod glue;
mod graph;
mod in_step;
mod lifetimes;
mod lock;
mod meta;
mod outside;
mod prompt;
mod serve;
mod serving;
pub(crate) mod step;
mod strict;
pub(crate) mod tokens;
mod tool;
mod tools;
pub(crate) mod workflow;
