//! The reasoning effort beside tools. OpenAI's newer models reason beside tools through the Responses API only.

use crate::provider::{Model, effort};

/// What a model accepts as its effort in a request with tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithTools {
    /// No parameter; the model still reasons.
    Unset,
    /// Only this level, and not its own default.
    Only(&'static str),
    /// Nothing: a request with tools is rejected.
    Never,
}

/// Models with limits, by prefix of the name after the last slash; the first match wins.
pub(super) type Limits = &'static [(&'static str, WithTools)];

/// OpenAI's models, which answer other requests with tools with a 400.
/// See <https://github.com/openai/openai-openapi/issues/541> (5.4), <https://github.com/BerriAI/litellm/pull/34569> (5.6),
/// <https://github.com/onyx-dot-app/onyx/issues/15008> (6), <https://github.com/genkit-ai/genkit/pull/6303> (6 Astra).
pub(super) const OPENAI: Limits = &[
    ("gpt-6.1", WithTools::Never),
    ("gpt-6-astra", WithTools::Never),
    ("gpt-6", WithTools::Only("none")),
    ("gpt-5.6", WithTools::Only("none")),
    ("gpt-5.5", WithTools::Unset),
    ("gpt-5.4", WithTools::Unset),
];

/// The limit of a model, if any.
pub(super) fn limit(limits: Limits, model: &Model) -> Option<WithTools> {
    effort::by_name(limits, model).copied()
}

impl WithTools {
    /// The effort to send instead of another.
    pub(super) const fn effort(self) -> Option<&'static str> {
        match self {
            Self::Only(level) => Some(level),
            Self::Unset | Self::Never => None,
        }
    }
}
