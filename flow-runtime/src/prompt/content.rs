//! The content of a message: a text, or a list of parts, some of which have content themselves.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The content of a message, of a model's reply or of a tool's result.
///
/// A single text is stored without a list and is a plain string in JSON; everything else is a list of [parts](Part).
///
/// ```
/// use flow_runtime::prompt::{Content, Part};
/// use serde_json::json;
///
/// let text = Content::from("4 years");
/// assert_eq!(text, "4 years");
/// assert_eq!(json!(text), json!("4 years"));
///
/// let call = Content::from(vec![Part::text("One moment."), Part::tool_call("c1", "find_order", json!({"number": "A-7"}))]);
/// assert_eq!(call.text(), "One moment.");
/// assert_eq!(call.tool_calls().count(), 1);
/// assert_eq!(json!(call)[1]["name"], "find_order");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Content(Parts);

/// A single text is always `One`, so that equal contents have equal representations. Others are shared: each turn of a conversation
/// repeats those before it.
#[derive(Clone, PartialEq, Eq)]
enum Parts {
    One(Part),
    Many(Arc<Vec<Part>>),
}

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

impl Content {
    /// Returns the parts in order.
    pub fn parts(&self) -> &[Part] {
        match &self.0 {
            Parts::One(part) => std::slice::from_ref(part),
            Parts::Many(parts) => parts,
        }
    }

    /// Returns the text of all text parts, joined without a separator.
    pub fn text(&self) -> Cow<'_, str> {
        let mut texts = self.parts().iter().filter_map(Part::as_text);
        let first = texts.next().unwrap_or_default();
        match texts.next() {
            None => Cow::Borrowed(first),
            Some(second) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
        }
    }

    /// Returns the text if it is the only part.
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Parts::One(part) => part.as_text(),
            Parts::Many(_) => None,
        }
    }

    /// Returns the [tool calls](Part::ToolCall).
    pub fn tool_calls(&self) -> impl Iterator<Item = &Part> {
        self.parts().iter().filter(|part| matches!(part, Part::ToolCall { .. }))
    }

    /// Returns the parts as a list.
    pub fn into_parts(self) -> Vec<Part> {
        match self.0 {
            Parts::One(part) => vec![part],
            Parts::Many(parts) => Arc::unwrap_or_clone(parts),
        }
    }

    /// The content worth recording: opaque data goes back to its provider together with tool calls, and is useless without them.
    pub(crate) fn recorded(self) -> Self {
        let calls = self.tool_calls().next().is_some();
        match self.0 {
            Parts::Many(parts) if !calls => {
                parts.iter().filter(|part| !matches!(part, Part::Opaque { .. })).cloned().collect()
            }
            _ => self,
        }
    }

    /// Its approximate size in a request, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.parts().iter().map(Part::size).sum()
    }
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

impl Default for Content {
    fn default() -> Self {
        Self::from(String::new())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Part::Text { text }.into()
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Content {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<Cow<'_, str>> for Content {
    fn from(text: Cow<'_, str>) -> Self {
        text.into_owned().into()
    }
}

impl From<Part> for Content {
    fn from(part: Part) -> Self {
        Self(match part {
            Part::Text { .. } => Parts::One(part),
            part => Parts::Many(Arc::new(vec![part])),
        })
    }
}

impl From<Vec<Part>> for Content {
    fn from(mut parts: Vec<Part>) -> Self {
        match parts.as_slice() {
            [Part::Text { .. }] => Self(Parts::One(parts.remove(0))),
            _ => Self(Parts::Many(Arc::new(parts))),
        }
    }
}

impl FromIterator<Part> for Content {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        parts.into_iter().collect::<Vec<_>>().into()
    }
}

impl PartialEq<str> for Content {
    fn eq(&self, text: &str) -> bool {
        self.as_text() == Some(text)
    }
}

impl PartialEq<&str> for Content {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_text() {
            Some(text) => text.fmt(f),
            None => self.parts().fmt(f),
        }
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.as_text() {
            Some(text) => to.serialize_str(text),
            None => self.parts().serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a string or a list of parts")]
        enum Form {
            Text(String),
            Parts(Vec<Part>),
        }
        Ok(match Form::deserialize(from)? {
            Form::Text(text) => text.into(),
            Form::Parts(parts) => parts.into(),
        })
    }
}

impl JsonSchema for Content {
    fn schema_name() -> Cow<'static, str> {
        "Content".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let part = generator.subschema_for::<Part>();
        json_schema!({
            "description": "A single text as a string, or the parts in order.",
            "anyOf": [{ "type": "string" }, { "type": "array", "items": part }]
        })
    }
}
