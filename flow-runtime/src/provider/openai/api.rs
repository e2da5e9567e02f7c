//! The two APIs of OpenAI that answer prompts.

use crate::provider::Model;

/// An API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Api {
    /// Chat completions, which every compatible server has.
    Chat,
    /// Responses.
    Responses,
}

/// Words in the names of OpenAI's models that only the Responses API serves.
/// See <https://platform.openai.com/docs/models>.
pub(super) const ONLY_RESPONSES: &[&str] = &["codex", "computer-use", "deep-research", "pro"];

impl Api {
    /// The API with a name as used in configuration.
    pub(in crate::provider) fn named(name: &str) -> Option<Self> {
        match name {
            "chat" => Some(Self::Chat),
            "responses" => Some(Self::Responses),
            _ => None,
        }
    }

    /// The path below the version.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Chat => "chat/completions",
            Self::Responses => "responses",
        }
    }

    /// Whether a word is part of a model's name, between hyphens.
    pub(super) fn has_word(words: &[&str], model: &Model) -> bool {
        let name = model.api_name().rsplit('/').next().unwrap_or_default();
        let is_whole = |at: usize, word: &str| {
            let (before, after) = (&name[..at], &name[at + word.len()..]);
            (before.is_empty() || before.ends_with('-')) && (after.is_empty() || after.starts_with('-'))
        };
        words.iter().any(|word| name.match_indices(word).any(|(at, word)| is_whole(at, word)))
    }
}
