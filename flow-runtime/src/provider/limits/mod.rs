//! Limits on concurrency and on requests and tokens per minute, shared by all runs.

mod gate;
mod window;

use std::fmt;

use super::{BoxFuture, Capabilities, Deltas, Failure, Model, Provider, Reply, Request};
use gate::Gate;

/// Bytes of text per token, as an estimate; the reported usage replaces it later.
const BYTES_A_TOKEN: usize = 4;

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

/// A provider with [limits](Limits), created by [`Provider::limits`].
///
/// Requests start in the order in which they arrive; small ones do not overtake a large one. A request that is dropped while it
/// waits leaves the queue. Waiting is part of the attempt, so a step's `timeout` covers it.
///
/// The limits apply to everything that uses this value. To use it in several runtimes, share it:
///
/// ```
/// use std::sync::Arc;
/// use flow_runtime::engine::Runtime;
/// use flow_runtime::provider::{Limits, Offline, Provider};
///
/// let provider = Arc::new(Offline::new().limits(Limits::new().concurrency(2)));
/// let [one, two] = [provider.clone(), provider].map(|shared| Runtime::builder().provider(shared).build().unwrap());
/// ```
pub struct Limited<P> {
    provider: P,
    gate: Gate,
}

impl<P: Provider> Limited<P> {
    pub(super) fn new(provider: P, limits: Limits) -> Self {
        Self { provider, gate: Gate::new(limits) }
    }

    /// Makes a call once it is admitted.
    async fn admitted<'a>(
        &self,
        request: &Request,
        call: impl FnOnce() -> BoxFuture<'a, Result<Reply, Failure>>,
    ) -> Result<Reply, Failure> {
        let ticket = self.gate.enter(guess(request)).await;
        let outcome = call().await;
        ticket.settle(match &outcome {
            Ok(reply) => reply.usage,
            Err(failure) => *failure.usage,
        });
        outcome
    }
}

impl<P: Provider> Provider for Limited<P> {
    fn name(&self) -> &str {
        self.provider.name()
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        self.provider.capabilities(model)
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(self.admitted(request, || self.provider.complete(request)))
    }

    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(self.admitted(request, || self.provider.stream(request, deltas)))
    }

    fn address(&self) -> Option<(String, u16)> {
        self.provider.address()
    }
}

/// The estimated number of tokens of a request.
fn guess(request: &Request) -> u64 {
    let read = request.size().div_ceil(BYTES_A_TOKEN) as u64;
    read.saturating_add(request.model.get_max_output_tokens().unwrap_or(0).into())
}

impl<P: Provider> fmt::Debug for Limited<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limited").field("provider", &self.name()).field("gate", &self.gate).finish()
    }
}
