//! A schema in the prompt, for an endpoint that does not enforce it.

use crate::prompt::{Message, Prompt, Role};

/// Writes a schema into a prompt: at its end, or in a conversation with tools where it began, so that the turns stay as they
/// were.
pub(crate) fn with_schema(mut prompt: Prompt, schema: &str, has_tools: bool) -> Prompt {
    let when = if has_tools { "Once you need no more tools, answer" } else { "Answer" };
    let text =
        format!("{when} with one JSON value that is valid under this JSON Schema, and nothing else:\n\n{schema}");
    let turns = prompt.messages.iter().position(calls).unwrap_or(prompt.messages.len());
    let later = prompt.messages.split_off(turns);
    let mut prompt = prompt.and(text);
    prompt.messages.extend(later);
    prompt
}

fn calls(message: &Message) -> bool {
    message.role == Role::Assistant && message.content.tool_calls().next().is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::with_schema;
    use crate::prompt::{Part, Prompt, Role};

    #[test]
    fn the_turns_of_a_conversation_stay_as_they_were() {
        let turns = Prompt::user("Find it.")
            .with(Role::Assistant, Part::tool_call("1", "find", json!({})))
            .with(Role::User, Part::tool_result("1", "found"));
        let prompt = with_schema(turns.clone(), "{}", true);
        assert_eq!(prompt.messages[1..], turns.messages[1..]);
        assert!(prompt.messages[0].text().starts_with("Find it.\n\nOnce you need no more tools, answer with"));
        let plain = with_schema(Prompt::user("Say it."), "{}", false);
        assert!(plain.messages[0].text().starts_with("Say it.\n\nAnswer with"));
    }
}
