//! Prompts in records, whose attachments are referred to by their hashes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::contract::in_records;
use crate::prompt::Prompt;

pub(super) fn serialize<S: Serializer>(prompt: &Option<Prompt>, to: S) -> Result<S::Ok, S::Error> {
    in_records(|| prompt.serialize(to))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Prompt>, D::Error> {
    in_records(|| Option::deserialize(from))
}
