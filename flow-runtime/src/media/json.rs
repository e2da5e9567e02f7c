//! The JSON form of attachments.

use std::borrow::Cow;

use schemars::{Schema, json_schema};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::writing;
use super::{MediaSource, Medium};
use crate::contract::MediaKind;
use crate::error::Result;

/// Implements serde and the schema for a contract.
macro_rules! forms {
    ($name:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::media::json::write(&self.0, to)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::std::result::Result<Self, D::Error> {
                let form = <$crate::media::json::Form<'de> as ::serde::Deserialize>::deserialize(from)?;
                form.medium(Self::KIND).map(Self::of).map_err(::serde::de::Error::custom)
            }
        }

        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                concat!("flow::media::", stringify!($name)).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::media::json::schema(Self::KIND)
            }
        }
    };
}
pub(super) use forms;

/// What is read: bytes, or a URL.
#[derive(Deserialize)]
pub(super) struct Form<'a> {
    #[serde(borrow, default)]
    media_type: Option<Cow<'a, str>>,
    #[serde(default)]
    data: Option<super::Data>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
}

impl Form<'_> {
    /// Data comes first if both are there, as in the contract.
    pub(super) fn medium(self, kind: MediaKind) -> Result<Medium> {
        match self {
            Self { data: Some(data), media_type, .. } => Medium::of_data(kind, media_type.as_deref(), data),
            Self { url: Some(url), .. } => Medium::of_url(kind, url.into_owned()),
            Self { .. } => Err(crate::error::Error::terminal("expected `media_type` and `data`, or `url`")),
        }
    }
}

impl Serialize for Medium {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        write(self, to)
    }
}

pub(super) fn write<S: Serializer>(medium: &Medium, to: S) -> std::result::Result<S::Ok, S::Error> {
    if let Some(mark) = writing::mark(medium) {
        return to.serialize_str(&mark);
    }
    match &medium.source {
        MediaSource::Data(data) => {
            let mut form = to.serialize_struct("Data", 2)?;
            form.serialize_field("media_type", medium.media_type)?;
            form.serialize_field("data", data)?;
            form.end()
        }
        MediaSource::Url(url) => {
            let mut form = to.serialize_struct("Url", 1)?;
            form.serialize_field("url", url)?;
            form.end()
        }
    }
}

pub(super) fn schema(kind: MediaKind) -> Schema {
    let what = match kind {
        MediaKind::Image => "A picture",
        MediaKind::Audio => "A recording",
        MediaKind::Pdf => "A PDF document",
    };
    json_schema!({
        "description": format!("{what}: its bytes, or where they are."),
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "media_type": { "type": "string", "enum": kind.media_types() },
                    "data": { "type": "string", "contentEncoding": "base64" }
                },
                "required": ["media_type", "data"]
            },
            {
                "type": "object",
                "properties": { "url": { "type": "string", "format": "uri" } },
                "required": ["url"]
            }
        ]
    })
}
