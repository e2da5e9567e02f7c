//! Tokens into the model.

pub(crate) mod duration;
pub(crate) mod function;
pub(crate) mod options;
pub(crate) mod step;
