//! The conversation of a request.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::models;
use crate::media::{MediaKind, MediaSource};
use crate::prompt::{Content, Message, Part, Prompt, Role};
use crate::provider::attached::{Form, Taken};
use crate::provider::calls::{self, CallIds};
use crate::provider::parts::{checked, object};
use crate::provider::{Failure, FailureKind, MediaKinds, Model};

/// See <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html>.
static TAKEN: Taken = Taken {
    forms: &[
        Form { media_type: "image/png", name: "png", most: PICTURE },
        Form { media_type: "image/jpeg", name: "jpeg", most: PICTURE },
        Form { media_type: "image/gif", name: "gif", most: PICTURE },
        Form { media_type: "image/webp", name: "webp", most: PICTURE },
        Form { media_type: "application/pdf", name: "pdf", most: 4_500_000 },
    ],
    urls: &[],
    most: 20 * PICTURE,
    in_results: true,
};

const PICTURE: usize = 3_750_000;

/// The kinds that the API takes. Models may take less.
pub(super) const MEDIA: MediaKinds = MediaKinds::of(&[MediaKind::Image, MediaKind::Pdf]);

/// Adds the messages and the separate system prompt; opaque parts go back only to the `provider` they came from.
pub(super) fn say(
    body: &mut Map<String, Value>,
    prompt: &Prompt,
    model: &Model,
    provider: &str,
) -> Result<(), Failure> {
    checked(prompt, &TAKEN)?;
    let (system, said): (Vec<_>, Vec<_>) = prompt.messages.iter().partition(|message| message.role == Role::System);
    if said.is_empty() {
        let text = "the prompt has only system messages, but Bedrock requires a user message";
        return Err(Failure::new(FailureKind::InvalidRequest, text));
    }
    let writer = Writer { model, provider, documents: Cell::new(0) };
    let mut system: Vec<_> = system.iter().filter_map(|message| text(&message.text())).collect();
    let mut messages = Vec::with_capacity(said.len());
    said.into_iter().for_each(|message| writer.add(message, &mut messages));
    if model.get_prompt_cache() && models::takes_cache_points(model) {
        let point = json!({"cachePoint": {"type": "default"}});
        match (system.is_empty(), messages.first_mut().and_then(|(_, blocks)| blocks.as_array_mut())) {
            (true, Some(first)) => first.push(point),
            _ => system.push(point),
        }
    }
    if !system.is_empty() {
        body.insert("system".to_owned(), system.into());
    }
    let messages = messages.into_iter().map(|(role, blocks)| json!({"role": role, "content": blocks}));
    body.insert("messages".to_owned(), messages.collect());
    Ok(())
}

/// A block of text; the API rejects blank ones.
fn text(text: &str) -> Option<Value> {
    (!text.trim().is_empty()).then(|| json!({ "text": text }))
}

struct Writer<'a> {
    model: &'a Model,
    provider: &'a str,
    /// The documents so far: the API requires that each has a name of its own.
    documents: Cell<usize>,
}

impl Writer<'_> {
    /// Adds a message, unless it has only opaque parts of other providers. The API requires that the roles alternate, and tool results
    /// before other content.
    fn add(&self, message: &Message, to: &mut Vec<(&'static str, Value)>) {
        let role = if message.role == Role::Assistant { "assistant" } else { "user" };
        let (results, rest): (Vec<_>, Vec<_>) =
            message.content.parts().iter().partition(|part| matches!(part, Part::ToolResult { .. }));
        let blocks = with_text(results.into_iter().chain(rest).filter_map(|part| self.block(part)).collect());
        match to.last_mut() {
            _ if blocks.is_empty() => {}
            Some((last, Value::Array(before))) if *last == role => before.extend(blocks),
            _ => to.push((role, blocks.into())),
        }
    }

    fn block(&self, part: &Part) -> Option<Value> {
        match part {
            Part::Text { text: said } => text(said),
            Part::ToolCall { id, name, arguments } => {
                let (id, name) = (CallIds::BEDROCK.accepted(id), calls::name(name));
                Some(json!({"toolUse": {"toolUseId": id, "name": name, "input": object(arguments)}}))
            }
            Part::ToolResult { call, content, is_error } => {
                let mut result = json!({"toolUseId": CallIds::BEDROCK.accepted(call), "content": self.result(content)});
                if *is_error && models::takes_status(self.model) {
                    result["status"] = "error".into();
                }
                Some(json!({ "toolResult": result }))
            }
            Part::Opaque { provider, value } if provider == self.provider => {
                let is_taken = value.get("reasoningContent").is_none() || models::is_claude(self.model);
                is_taken.then(|| value.clone())
            }
            Part::Opaque { .. } => None,
            Part::Media { media_type, source } => self.media(media_type, source),
        }
    }

    /// The content of a tool's result. A result without content is rejected.
    fn result(&self, content: &Content) -> Vec<Value> {
        let blocks = content.parts().iter().filter_map(|part| match part {
            Part::Media { media_type, source } => self.media(media_type, source),
            part => text(part.as_text()?),
        });
        let blocks: Vec<_> = blocks.collect();
        if blocks.is_empty() { vec![json!({"text": "(empty)"})] } else { blocks }
    }

    fn media(&self, media_type: &str, source: &MediaSource) -> Option<Value> {
        let MediaSource::Data(data) = source else { return None };
        let (format, source) = (TAKEN.name(media_type)?, json!({"bytes": data.base64()}));
        Some(match MediaKind::of(media_type)? {
            MediaKind::Image => json!({"image": {"format": format, "source": source}}),
            _ => {
                self.documents.set(self.documents.get() + 1);
                let name = format!("document-{}", self.documents.get());
                json!({"document": {"name": name, "format": format, "source": source}})
            }
        })
    }
}

/// Adds a text to a message with a document and no text, which the API rejects.
fn with_text(mut blocks: Vec<Value>) -> Vec<Value> {
    let has = |name: &str| blocks.iter().any(|block| block.get(name).is_some());
    if has("document") && !has("text") {
        blocks.push(json!({"text": "(the document is the message)"}));
    }
    blocks
}
