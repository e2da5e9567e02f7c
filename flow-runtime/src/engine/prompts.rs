//! The prompts of steps. An empty prompt is never sent: a model that is asked nothing makes something up.

use crate::call::Ops;
use crate::error::{Error, Result};
use crate::graph::{Kind, Meta};
use crate::prompt::{Message, Prompt, Role, is_blank};

/// How many characters of a template an error shows.
const SHOWN: usize = 60;

/// Returns the nonempty messages of a step's prompt.
///
/// # Errors
///
/// Fails if the prompt cannot be rendered, or if it asks a model nothing: it has no user message, and no provider
/// dialect accepts a system message alone; or its last message is empty and follows an assistant message, as after
/// examples. A person whose prompt is empty is shown the input.
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

/// Returns whether a message has no text, nor anything else that a model could read.
fn says_nothing(message: &Message) -> bool {
    message.content.parts().iter().all(|part| part.as_text().is_some_and(is_blank))
}

fn is_empty(what: &str, meta: &Meta) -> Error {
    let template = meta.policy.prompt.and_then(|text| text.prompt).map_or_else(String::new, excerpt);
    Error::terminal(format!(
        "{what} of step `{}`{template} is empty for this input, so the model was not called; \
         check the input before the step, or add fixed text to the prompt",
        meta.name
    ))
}

/// Returns the beginning of a template, on one line.
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
