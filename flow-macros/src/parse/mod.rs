//! Parses tokens into the model. Knows no rule: what a rule may refuse is recorded as a finding.

mod body;
mod duration;
pub(crate) mod function;
mod id;
mod mcp;
mod money;
pub(crate) mod options;
mod prompt;
pub(crate) mod step;
mod tools;
pub(crate) mod workflow;
