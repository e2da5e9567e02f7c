//! What a step asks. A model that is asked nothing makes something up, so an empty prompt is never sent.

use crate::call::Ops;
use crate::error::{Error, Result};
use crate::graph::{Kind, Meta};
use crate::prompt::{Message, Prompt, Role, is_blank};

/// Letters of a template that an error shows.
const SHOWN: usize = 60;

/// The messages with text that a model or a person is asked.
///
/// # Errors
///
/// The prompt cannot be rendered, or asks a model nothing: it has no message of the user, and no dialect takes a system
/// message alone, or its last one is empty and follows what the assistant said, as after examples. A person whose prompt is
/// empty is shown the input.
pub(in crate::engine) fn prompt(meta: &Meta, ops: &dyn Ops) -> Result<Prompt> {
    let mut prompt = ops.prompt()?;
    let ends_blank = prompt.messages.last().is_some_and(|last| last.role == Role::User && says_nothing(last));
    prompt.messages.retain(|message| !says_nothing(message));
    let is_asked = prompt.messages.iter().any(|message| message.role == Role::User);
    let is_answered = prompt.messages.last().is_some_and(|last| last.role == Role::Assistant);
    match meta.kind {
        Kind::Model if !is_asked => Err(is_empty("the prompt", meta)),
        Kind::Model if ends_blank && is_answered => Err(is_empty("the last message in the prompt", meta)),
        _ => Ok(prompt),
    }
}

/// Whether a message has no text, and nothing else that a model could read.
fn says_nothing(message: &Message) -> bool {
    message.content.parts().iter().all(|part| part.as_text().is_some_and(is_blank))
}

fn is_empty(what: &str, meta: &Meta) -> Error {
    let template = meta.policy.prompt.and_then(|text| text.prompt).map_or_else(String::new, excerpt);
    Error::terminal(format!(
        "{what} of step `{}`{template} is empty for this input, so the model was not called; \
         check the input before the step, or add text of its own to the prompt",
        meta.name
    ))
}

/// The beginning of a template, on one line.
fn excerpt(template: &str) -> String {
    let line = template.split_whitespace().collect::<Vec<_>>().join(" ");
    let start: String = line.chars().take(SHOWN).collect();
    let rest = if start.len() < line.len() { "…" } else { "" };
    format!(" (`{start}{rest}`)")
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_long_template_is_cut() {
        assert_eq!(excerpt("{{ text }}\n"), " (`{{ text }}`)");
        let long = excerpt(&"{{ text }}\n\n".repeat(9));
        assert_eq!(long, format!(" (`{}…`)", &"{{ text }} ".repeat(9)[..super::SHOWN]));
    }
}
