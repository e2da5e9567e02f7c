//! Requests to a provider with limits: each waits until it is admitted.

use std::fmt;

use super::Limited;
use crate::provider::{BoxFuture, Capabilities, Deltas, Failure, Model, Provider, Reply, Request};

/// Bytes of text per token, as an estimate; the reported usage replaces it later.
const BYTES_A_TOKEN: usize = 4;

impl<P: Provider> Limited<P> {
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
    let read = read.saturating_add(request.media_tokens().unwrap_or_default());
    read.saturating_add(request.model.get_max_output_tokens().unwrap_or(0).into())
}

impl<P: Provider> fmt::Debug for Limited<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limited").field("provider", &self.name()).field("gate", &self.gate).finish()
    }
}
