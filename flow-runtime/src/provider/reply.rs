//! Replies of providers.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::prompt::Content;

/// A model's answer.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Reply {
    /// What the model wrote, in order: text, which is JSON if a schema was requested; calls of tools; data that the provider gets
    /// back with them.
    pub content: Content,
    /// The tokens used.
    pub usage: Usage,
    /// The model that answered, as the endpoint names it.
    pub model: Option<String>,
    /// The endpoint's id of the answer.
    pub id: Option<String>,
    /// Why the answer ended, as the endpoint names it.
    pub finish_reason: Option<String>,
}

impl Reply {
    /// Creates an answer of a text, or of parts.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Returns the text of the answer without its other parts.
    pub fn text(&self) -> Cow<'_, str> {
        self.content.text()
    }

    /// Sets the tokens used.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

/// A total, to which its parts are added if they exceed it.
fn whole(whole: Option<u64>, parts: u64) -> Option<u64> {
    whole.map(|whole| if parts > whole { whole.saturating_add(parts) } else { whole })
}

/// Tokens of one attempt. `None` means unknown, never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Usage {
    /// Input tokens, including cached ones.
    pub input_tokens: Option<u64>,
    /// Input tokens read from a cache.
    pub cached_input_tokens: Option<u64>,
    /// Input tokens written to a cache for later requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_tokens: Option<u64>,
    /// Output tokens, including reasoning.
    pub output_tokens: Option<u64>,
    /// Output tokens used for reasoning.
    pub reasoning_tokens: Option<u64>,
}

impl Usage {
    /// Creates a usage from input and output tokens; the rest is unknown.
    pub const fn new(input_tokens: u64, output_tokens: u64) -> Self {
        Self {
            input_tokens: Some(input_tokens),
            cached_input_tokens: None,
            cache_write_tokens: None,
            output_tokens: Some(output_tokens),
            reasoning_tokens: None,
        }
    }

    /// Corrects totals that leave out their parts.
    ///
    /// Some endpoints do not include cached or reasoning tokens in the totals that should contain them. If a part is larger than
    /// its total, the two are added, so that the charge is never less than what the reply shows.
    #[must_use]
    pub fn reconciled(mut self) -> Self {
        let parts = self.cached_input_tokens.unwrap_or(0).saturating_add(self.cache_write_tokens.unwrap_or(0));
        self.input_tokens = whole(self.input_tokens, parts);
        self.output_tokens = whole(self.output_tokens, self.reasoning_tokens.unwrap_or(0));
        self
    }

    /// Reconciles the counts with the endpoint's total. Tokens that only the total includes count as output: they are thoughts that
    /// the endpoint left out elsewhere.
    #[cfg(feature = "providers")]
    #[must_use]
    pub(crate) fn within(self, total: Option<u64>) -> Self {
        let mut usage = self.reconciled();
        let Some(total) = total else { return usage };
        match (usage.input_tokens, usage.output_tokens) {
            (Some(input), Some(output)) => {
                usage.output_tokens = Some(output.max(total.saturating_sub(input)));
            }
            (Some(input), None) if total > input => usage.output_tokens = Some(total - input),
            (None, Some(output)) => usage.input_tokens = Some(total.saturating_sub(output)),
            _ => {}
        }
        usage
    }

    /// Whether no count is known.
    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Adds two usages. A sum with an unknown part keeps the known one.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (known, None) | (None, known) => known,
        };
        Self {
            input_tokens: add(self.input_tokens, other.input_tokens),
            cached_input_tokens: add(self.cached_input_tokens, other.cached_input_tokens),
            cache_write_tokens: add(self.cache_write_tokens, other.cache_write_tokens),
            output_tokens: add(self.output_tokens, other.output_tokens),
            reasoning_tokens: add(self.reasoning_tokens, other.reasoning_tokens),
        }
    }
}
