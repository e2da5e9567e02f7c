//! Small functions called by generated code.

use serde_json::Value;

use crate::error::Result;
use crate::prompt::{Prompt, Template};

/// The parts of a result type, even behind an alias.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Result`: write `-> Result<{Self}>`",
    label = "not a `Result`",
    note = "a step or workflow returns a `Result` or an alias of it",
    note = "see flow::errors::signature"
)]
pub trait Outcome {
    /// The value.
    type Ok;
    /// The error.
    type Err;
}

impl<T, E> Outcome for std::result::Result<T, E> {
    type Ok = T;
    type Err = E;
}

/// The error of a result type.
pub type ErrOf<R> = <R as Outcome>::Err;

/// Creates a JSON object.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Renders a step's prompt from its templates and its arguments by name, which `write` writes.
///
/// # Errors
///
/// Fails on errors that depend on values: a division by zero, an endless loop.
pub fn render(template: &Template, write: impl FnMut() -> Result<Value>) -> Result<Prompt> {
    template.render_with(write)
}

/// Adds the step's system message to a prompt.
pub fn with_system(prompt: Prompt, system: Option<&str>) -> Prompt {
    match system {
        Some(system) => prompt.system(system),
        None => prompt,
    }
}
