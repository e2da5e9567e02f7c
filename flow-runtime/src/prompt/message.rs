//! The messages of a conversation.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Content, Part};
use crate::media::{Data, MediaSource};

/// The author of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// Instructions for the conversation.
    System,
    /// The person or program that asks, and the tools that answer the model's calls.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// The author.
    pub role: Role,
    /// The content: a text, or a list of parts.
    pub content: Content,
}

impl Message {
    /// Creates a message.
    pub fn new(role: Role, content: impl Into<Content>) -> Self {
        Self { role, content: content.into() }
    }

    /// Returns the text of the message without its other parts.
    pub fn text(&self) -> Cow<'_, str> {
        self.content.text()
    }
}

/// The messages that a model reads, in order; the system message, if any, comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prompt {
    /// The messages in order.
    pub messages: Vec<Message>,
}

impl Prompt {
    /// Creates a prompt with one user message.
    pub fn user(content: impl Into<Content>) -> Self {
        Self::default().with(Role::User, content)
    }

    /// Appends a message.
    #[must_use]
    pub fn with(mut self, role: Role, content: impl Into<Content>) -> Self {
        self.messages.push(Message::new(role, content));
        self
    }

    /// Inserts a system message at the start.
    #[must_use]
    pub fn system(mut self, content: impl Into<Content>) -> Self {
        self.messages.insert(0, Message::new(Role::System, content));
        self
    }

    /// The bytes of all attachments.
    pub(crate) fn data(&self) -> impl Iterator<Item = &Data> {
        let parts = self.messages.iter().flat_map(|message| message.content.all_parts());
        parts.filter_map(|part| match part {
            Part::Media { source: MediaSource::Data(data), .. } => Some(data),
            _ => None,
        })
    }

    /// Appends text from the user. It joins the last message if that is a user message, since the chat templates of some models
    /// reject two consecutive messages of one role.
    #[must_use]
    pub(crate) fn and(mut self, text: String) -> Self {
        let Some(last) = self.messages.last_mut().filter(|last| last.role == Role::User) else {
            return self.with(Role::User, text);
        };
        last.content = match last.content.as_text() {
            Some(before) => format!("{before}\n\n{text}").into(),
            None => {
                std::mem::take(&mut last.content).into_parts().into_iter().chain([super::Part::text(text)]).collect()
            }
        };
        self
    }
}
