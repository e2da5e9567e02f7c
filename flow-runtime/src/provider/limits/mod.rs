//! Limits on concurrency and on requests and tokens per minute, shared by all runs.

mod admission;
mod gate;
mod limited;
mod window;

pub use limited::Limited;

/// Limits for the requests to a provider. Limits that are not set do not apply.
///
/// ```
/// use flow_runtime::provider::{Limits, Offline, Provider};
///
/// let limits = Limits::new().requests_per_minute(60).tokens_per_minute(90_000).concurrency(8);
/// let provider = Offline::new().limits(limits);
/// assert_eq!(provider.name(), "offline");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    requests: Option<usize>,
    tokens: Option<u64>,
    concurrency: Option<usize>,
}

impl Limits {
    /// Creates limits that limit nothing.
    pub const fn new() -> Self {
        Self { requests: None, tokens: None, concurrency: None }
    }

    /// Limits the requests that start within any 60 seconds; 0 counts as 1.
    #[must_use]
    pub const fn requests_per_minute(mut self, requests: usize) -> Self {
        self.requests = Some(if requests == 0 { 1 } else { requests });
        self
    }

    /// Limits the tokens, input and output, of the requests that start within any 60 seconds.
    ///
    /// Before a request its tokens are estimated: a quarter of the bytes of prompt and schema, plus the model's
    /// `max_output_tokens` if set. Afterwards the provider's count is used. A request whose estimate exceeds the limit by itself
    /// waits until it is alone.
    #[must_use]
    pub const fn tokens_per_minute(mut self, tokens: u64) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Limits the concurrent requests; 0 counts as 1.
    #[must_use]
    pub const fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = Some(if requests == 0 { 1 } else { requests });
        self
    }
}
