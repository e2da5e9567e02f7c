//! The conversation of a request.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::media::{MediaKind, MediaSource};
use crate::prompt::{Content, Message, Part, Prompt, Role};
use crate::provider::attached::{Form, MB, Taken, before_base64};
use crate::provider::calls::{self, CallIds};
use crate::provider::parts::{checked, object};
use crate::provider::{Failure, FailureKind, MediaKinds};

/// The most bytes of a picture.
const PICTURE: usize = before_base64(5 * 1_024 * 1_024);

/// Sources: <https://platform.claude.com/docs/en/build-with-claude/vision.md>,
/// <https://platform.claude.com/docs/en/build-with-claude/pdf-support>, 2026-11-30. A picture is measured in Base64:
/// <https://github.com/anthropics/claude-code/issues/14887>.
static TAKEN: Taken = Taken {
    forms: &[
        Form { media_type: "image/png", name: "image", most: PICTURE },
        Form { media_type: "image/jpeg", name: "image", most: PICTURE },
        Form { media_type: "image/gif", name: "image", most: PICTURE },
        Form { media_type: "image/webp", name: "image", most: PICTURE },
        Form { media_type: "application/pdf", name: "document", most: before_base64(32 * MB) },
    ],
    urls: &[MediaKind::Image, MediaKind::Pdf],
    most: before_base64(32 * MB),
    in_results: true,
};

/// The kinds that it takes.
pub(super) const MEDIA: MediaKinds = MediaKinds::of(&[MediaKind::Image, MediaKind::Pdf]);

/// Adds the messages and the separate system prompt; opaque parts go back only to the `provider` they came from.
pub(super) fn say(body: &mut Map<String, Value>, prompt: &Prompt, provider: &str, cache: bool) -> Result<(), Failure> {
    checked(prompt, &TAKEN)?;
    let (system, said): (Vec<_>, Vec<_>) = prompt.messages.iter().partition(|message| message.role == Role::System);
    if said.is_empty() {
        let text = "the prompt has only system messages, but Claude requires a user message";
        return Err(Failure::new(FailureKind::InvalidRequest, text));
    }
    let instructions: Vec<Cow<'_, str>> = system.iter().map(|message| message.text()).collect();
    if !instructions.is_empty() {
        body.insert("system".to_owned(), text(&instructions.join("\n\n"), cache));
    }
    let first = |index| cache && index == 0 && instructions.is_empty();
    let messages = said.iter().enumerate().filter_map(|(index, message)| turn(message, provider, first(index)));
    body.insert("messages".to_owned(), messages.collect());
    Ok(())
}

/// A message, or `None` if it has only opaque parts of other providers.
fn turn(message: &Message, provider: &str, cache: bool) -> Option<Value> {
    let role = if message.role == Role::Assistant { "assistant" } else { "user" };
    if let Some(plain) = message.content.as_text() {
        return Some(json!({"role": role, "content": text(plain, cache)}));
    }
    // The API requires tool results before other content.
    let (results, rest): (Vec<_>, Vec<_>) =
        message.content.parts().iter().partition(|part| matches!(part, Part::ToolResult { .. }));
    let mut blocks: Vec<_> = results.into_iter().chain(rest).filter_map(|part| block(part, provider)).collect();
    if let Some(last) = blocks.last_mut().filter(|_| cache) {
        last["cache_control"] = json!({"type": "ephemeral"});
    }
    (!blocks.is_empty()).then(|| json!({"role": role, "content": blocks}))
}

fn block(part: &Part, provider: &str) -> Option<Value> {
    match part {
        // The API rejects empty blocks.
        Part::Text { text } => (!text.trim().is_empty()).then(|| json!({"type": "text", "text": text})),
        Part::ToolCall { id, name, arguments } => {
            let (id, name) = (CallIds::CLAUDE.accepted(id), calls::name(name));
            Some(json!({"type": "tool_use", "id": id, "name": name, "input": object(arguments)}))
        }
        Part::ToolResult { call, content, is_error } => {
            let call = CallIds::CLAUDE.accepted(call);
            let mut block = json!({"type": "tool_result", "tool_use_id": call, "content": result(content, provider)});
            if *is_error {
                block["is_error"] = true.into();
            }
            Some(block)
        }
        Part::Opaque { provider: of, value } => (of == provider).then(|| value.clone()),
        Part::Media { media_type, source } => {
            let is_pdf = MediaKind::of(media_type) == Some(MediaKind::Pdf);
            let source = match source {
                MediaSource::Url(url) => json!({"type": "url", "url": url}),
                MediaSource::Data(data) => json!({"type": "base64", "media_type": media_type, "data": data.base64()}),
            };
            Some(json!({"type": if is_pdf { "document" } else { "image" }, "source": source}))
        }
    }
}

/// The content of a tool's result: a text, or blocks.
fn result(content: &Content, provider: &str) -> Value {
    match content.parts().iter().all(|part| part.as_text().is_some()) {
        true => content.text().into(),
        false => content.parts().iter().filter_map(|part| block(part, provider)).collect(),
    }
}

/// A text, written as a block if everything up to its end is to be cached.
fn text(text: &str, cache: bool) -> Value {
    match cache {
        true => json!([{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]),
        false => text.into(),
    }
}
