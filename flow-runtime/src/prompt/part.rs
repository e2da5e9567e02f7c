//! The parts of a message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Content;

/// A part of a message or of a model's reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// A picture, a sound or a document.
    Media {
        /// The media type, such as `image/png`.
        media_type: String,
        /// Where the bytes are.
        #[serde(flatten)]
        source: MediaSource,
    },
    /// The model calls a tool. Only in messages of the assistant.
    ToolCall {
        /// The id that the tool's result refers to; unique in its message.
        id: String,
        /// The name of the tool.
        name: String,
        /// The arguments as an object. If the model wrote something else, the text that it wrote.
        arguments: Value,
    },
    /// The result of a tool call. Only in messages of the user, in the message after the call.
    ToolResult {
        /// The id of the call.
        call: String,
        /// The output of the tool, or the text of its error.
        content: Box<Content>,
        /// Whether the tool failed.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        is_error: bool,
    },
    /// Data that a provider gets back unchanged while a conversation with tools goes on: thoughts with their signatures, reasoning
    /// items, thought signatures. It applies to the part after it, or to the whole message. Other providers are not sent it.
    Opaque {
        /// The name of the provider, as in the ids of its models.
        provider: String,
        /// The data, in the provider's own form.
        value: Value,
    },
}

/// Where the bytes of a [medium](Part::Media) are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MediaSource {
    /// In the message, as Base64.
    Data(String),
    /// At a URL that the provider can reach.
    Url(String),
}

impl Part {
    /// Creates a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// Creates a call of a tool.
    pub fn tool_call(id: impl Into<String>, name: impl Into<String>, arguments: Value) -> Self {
        Self::ToolCall { id: id.into(), name: name.into(), arguments }
    }

    /// Creates the result of a tool call.
    pub fn tool_result(call: impl Into<String>, content: impl Into<Content>) -> Self {
        Self::ToolResult { call: call.into(), content: Box::new(content.into()), is_error: false }
    }

    /// Creates the result of a tool call that failed.
    pub fn tool_error(call: impl Into<String>, error: impl Into<Content>) -> Self {
        Self::ToolResult { call: call.into(), content: Box::new(error.into()), is_error: true }
    }

    /// Creates data that only one provider understands.
    pub fn opaque(provider: impl Into<String>, value: Value) -> Self {
        Self::Opaque { provider: provider.into(), value }
    }

    /// Returns the text of a [text part](Part::Text).
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }

    /// Its approximate size in a request, in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text { text } => text.len(),
            other => serde_json::to_string(other).map_or(0, |json| json.len()),
        }
    }
}
