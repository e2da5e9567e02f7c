//! A schema in words, for an endpoint that does not hold the model to it.

use crate::prompt::Prompt;

/// The prompt with the text of a schema at its end.
pub(crate) fn with_schema(prompt: Prompt, schema: &str) -> Prompt {
    prompt
        .and(format!("Answer with one JSON value that is valid under this JSON Schema, and nothing else:\n\n{schema}"))
}
