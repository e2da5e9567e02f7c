//! A provider whose requests wait for their limits.

use std::fmt;

use super::Limits;
use super::gate::Gate;
use crate::provider::{BoxFuture, Capabilities, Deltas, Failure, Model, Provider, Reply, Request};

/// Bytes of text per token, as an estimate; the reported usage replaces it later.
const BYTES_A_TOKEN: usize = 4;

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
    pub(in crate::provider) fn new(provider: P, limits: Limits) -> Self {
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
