//! Generates code from the model. Nothing here reports errors.

mod approval;
mod arguments;
mod body;
mod calls;
mod demands;
mod ended;
mod failure;
pub(crate) mod fallback;
mod glue;
mod graph;
mod in_step;
mod lifetimes;
mod lock;
mod meta;
mod names;
mod outside;
mod placeholder;
mod prompt;
mod serve;
mod serving;
pub(crate) mod step;
mod strict;
pub(crate) mod tokens;
mod tool;
mod tools;
mod types;
pub(crate) mod workflow;
