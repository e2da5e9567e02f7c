//! Why a provider gave no answer.

use std::fmt;
use std::time::Duration;

use super::Usage;

/// Why an attempt gave no answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// What went wrong.
    pub kind: FailureKind,
    /// What the endpoint said, in one line.
    pub message: String,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What was read of the body, shortened.
    pub body: Option<String>,
    /// The tokens used all the same; boxed, because an error that is large makes every result so.
    pub usage: Box<Usage>,
    /// What the model had written when its answer was cut.
    pub written: Option<Box<str>>,
    /// Why the answer ended, in the endpoint's word.
    pub finish_reason: Option<Box<str>>,
    /// What the endpoint itself said about trying again, where it did. It goes before what the kind suggests.
    pub retry: Option<bool>,
}

impl Failure {
    /// A failure of which the kind and a line of explanation are known.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            status: None,
            body: None,
            usage: Box::default(),
            written: None,
            finish_reason: None,
            retry: None,
        }
    }

    /// The failure, with the tokens that were used all the same.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        *self.usage = usage;
        self
    }

    /// Whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.retry.unwrap_or_else(|| self.kind.is_retryable())
    }
}

/// What went wrong in an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The connection failed, ended early, or the body was no answer in the endpoint's format. Worth another try.
    Transport,
    /// Nothing complete arrived in time. Worth another try.
    TimedOut,
    /// Too many requests; the endpoint may say when to come back. Worth another try.
    RateLimited {
        /// The wait the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// The endpoint is overloaded or failed inside. Worth another try.
    Overloaded {
        /// The wait the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// The account has no money or quota left.
    Quota,
    /// The key is missing or wrong, or may not use the model.
    Unauthorized,
    /// The endpoint calls the request wrong.
    InvalidRequest,
    /// The prompt is longer than the model's context.
    ContextLength,
    /// The model refused to answer.
    Refused,
    /// The answer was withheld by a content filter.
    Filtered,
    /// The answer was cut at the token limit, or at the end of the context.
    Length,
    /// The answer was larger than the client reads.
    TooLarge,
}

impl FailureKind {
    /// Whether a failure of this kind may pass by itself. [`Failure::is_retryable`] also heeds what the endpoint said.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Transport | Self::TimedOut | Self::RateLimited { .. } | Self::Overloaded { .. })
    }

    /// The wait the endpoint asked for.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Overloaded { retry_after } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
