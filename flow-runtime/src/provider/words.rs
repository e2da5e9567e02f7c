//! A schema in the prompt, for an endpoint that does not enforce it.

use crate::prompt::Prompt;

/// Appends the text of a schema to a prompt.
pub(crate) fn with_schema(prompt: Prompt, schema: &str) -> Prompt {
    prompt
        .and(format!("Answer with one JSON value that is valid under this JSON Schema, and nothing else:\n\n{schema}"))
}
