//! A provider whose requests wait for their limits.

use super::Limits;
use super::gate::Gate;
#[cfg(doc)]
use crate::provider::Provider;

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
    pub(super) provider: P,
    pub(super) gate: Gate,
}

impl<P> Limited<P> {
    pub(in crate::provider) fn new(provider: P, limits: Limits) -> Self {
        Self { provider, gate: Gate::new(limits) }
    }
}
