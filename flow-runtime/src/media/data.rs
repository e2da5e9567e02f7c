//! The bytes of an attachment.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::held::{Held, hold};
use super::mentioned::mention;
use crate::contract::{HASH, is_recorded};

/// Bytes that all clones share. In JSON they are Base64, in the records of a run `sha256:…`; `Debug` shows only their number.
#[derive(Clone)]
pub struct Data(pub(super) Arc<Held>);

impl Data {
    /// Returns the bytes as Base64 (RFC 4648, section 4).
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.0.bytes)
    }

    /// Returns the text by which records refer to the bytes: `sha256:…`.
    pub fn hash(&self) -> &str {
        self.0.hash()
    }

    /// Whether only the hash is known.
    pub(crate) fn is_missing(&self) -> bool {
        self.0.is_missing
    }

    /// Whether both are the same bytes in memory.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Makes the bytes known to records for as long as they are in memory.
    pub(crate) fn hold(&self) {
        hold(&self.0);
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Held::new(bytes))
    }
}

impl From<&[u8]> for Data {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl Deref for Data {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        match self.is_missing() || other.is_missing() {
            true => self.hash() == other.hash(),
            false => self.is_shared_with(other) || self.0.bytes == other.0.bytes,
        }
    }
}

impl Eq for Data {}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.is_missing() {
            return to.serialize_str(self.hash());
        }
        if !is_recorded() {
            return to.serialize_str(&self.base64());
        }
        hold(&self.0);
        mention(&self.0);
        to.serialize_str(self.hash())
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        if is_recorded() && text.starts_with(HASH) {
            return Ok(Self(Held::referred(&text)));
        }
        STANDARD
            .decode(text.as_bytes())
            .map(Self::from)
            .map_err(|error| D::Error::custom(format!("not Base64: {error}")))
    }
}

impl JsonSchema for Data {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Data".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}
