//! A schema in words, for an endpoint that does not hold the model to it.

use crate::prompt::{Prompt, Role};

/// The prompt with the text of a schema at its end: in its last message where that is the user's, since the templates of some
/// models refuse two messages of one role in a row.
pub(crate) fn with_schema(mut prompt: Prompt, schema: &str) -> Prompt {
    let text =
        format!("Answer with one JSON value that is valid under this JSON Schema, and nothing else:\n\n{schema}");
    match prompt.messages.last_mut().filter(|last| last.role == Role::User) {
        Some(last) => last.content = format!("{}\n\n{text}", last.content),
        None => return prompt.with(Role::User, text),
    }
    prompt
}
