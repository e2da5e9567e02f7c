//! Prompts: what a model reads.

mod blank;
pub mod check;
mod render;

pub(crate) use blank::is_blank;
pub use render::{RenderError, Template};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who speaks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// Instructions that stand above the conversation.
    System,
    /// The person, or the program, that asks.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// What a model reads: messages in order, the system message first where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prompt {
    /// The messages in order.
    pub messages: Vec<Message>,
}

impl Prompt {
    /// A prompt of one user message.
    pub fn user(content: impl Into<String>) -> Self {
        Self::default().with(Role::User, content)
    }

    /// The prompt with one more message at its end.
    #[must_use]
    pub fn with(mut self, role: Role, content: impl Into<String>) -> Self {
        self.messages.push(Message { role, content: content.into() });
        self
    }

    /// The prompt with a system message at its start.
    #[must_use]
    pub fn system(mut self, content: impl Into<String>) -> Self {
        self.messages.insert(0, Message { role: Role::System, content: content.into() });
        self
    }
}
