//! The content of a message: a text, or a list of parts.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Part;

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

/// A single text is always `One`, so that equal contents have equal representations.
#[derive(Clone, PartialEq, Eq)]
enum Parts {
    One(Part),
    Many(Vec<Part>),
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
            Parts::Many(parts) => parts,
        }
    }

    /// The content worth recording: opaque data goes back to its provider together with tool calls, and is useless without them.
    pub(crate) fn recorded(self) -> Self {
        let calls = self.tool_calls().next().is_some();
        match self.0 {
            Parts::Many(parts) if !calls => {
                parts.into_iter().filter(|part| !matches!(part, Part::Opaque { .. })).collect()
            }
            _ => self,
        }
    }

    /// Its approximate size in a request, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.parts().iter().map(Part::size).sum()
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
            part => Parts::Many(vec![part]),
        })
    }
}

impl From<Vec<Part>> for Content {
    fn from(mut parts: Vec<Part>) -> Self {
        match parts.as_slice() {
            [Part::Text { .. }] => Self(Parts::One(parts.remove(0))),
            _ => Self(Parts::Many(parts)),
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
