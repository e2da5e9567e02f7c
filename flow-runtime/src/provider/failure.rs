//! Failures of providers.

use std::fmt;
use std::time::Duration;

use super::Usage;

/// Why an attempt produced no answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// What went wrong.
    pub kind: FailureKind,
    /// The endpoint's message, on one line.
    pub message: String,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// The part of the body that was read, shortened.
    pub body: Option<String>,
    /// Tokens used despite the failure; boxed to keep the error small.
    pub usage: Box<Usage>,
    /// What the model had written when its answer was cut.
    pub written: Option<Box<str>>,
    /// Why the answer ended, as the endpoint names it.
    pub finish_reason: Option<Box<str>>,
    /// Whether to retry, if the endpoint said so. Takes precedence over the kind.
    pub retry: Option<bool>,
}

impl Failure {
    /// Creates a failure with a kind and a one-line explanation.
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

    /// Sets the tokens used despite the failure.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        *self.usage = usage;
        self
    }

    /// Returns whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.retry.unwrap_or_else(|| self.kind.is_retryable())
    }
}

/// The kind of failure of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The connection failed or ended early, or the body was not in the endpoint's format. Retried.
    Transport,
    /// The model ended its answer without writing anything.
    Empty,
    /// No complete answer arrived in time. Retried.
    TimedOut,
    /// Too many requests; the endpoint may say when to retry. Retried, unless the request alone is larger than the limit.
    RateLimited {
        /// The delay the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// The endpoint is overloaded or failed internally. Retried.
    Overloaded {
        /// The delay the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// The account has no money or quota left.
    Quota,
    /// The key is missing, wrong, or not allowed to use the model.
    Unauthorized,
    /// The endpoint rejected the request as invalid.
    InvalidRequest,
    /// The prompt is longer than the model's context.
    ContextLength,
    /// The model refused to answer.
    Refused,
    /// A content filter withheld the answer.
    Filtered,
    /// The answer was cut at the token limit or at the end of the context.
    Length,
    /// The answer was larger than the client reads.
    TooLarge,
}

impl FailureKind {
    /// Returns whether a failure of this kind may pass by itself. [`Failure::is_retryable`] also considers what the endpoint
    /// said.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Transport | Self::Empty | Self::TimedOut | Self::RateLimited { .. } | Self::Overloaded { .. }
        )
    }

    /// Returns the delay the endpoint asked for.
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
