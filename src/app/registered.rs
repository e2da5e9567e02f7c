//! Workflows of any type behind one.

use std::marker::PhantomData;

use flow_runtime::call::Workflow;
use flow_runtime::contract::Violation;
use flow_runtime::engine::Runtime;
use flow_runtime::error::Result;
use flow_runtime::graph::Meta;
use flow_runtime::provider::BoxFuture;
use serde_json::Value;

/// A run that has its arguments and waits for a runtime.
pub(super) type Ready = Box<dyn FnOnce(&Runtime) -> BoxFuture<'static, Result<Value>> + Send>;

/// A workflow that is run from JSON to JSON.
pub(super) trait Registered: Send + Sync {
    /// What is known of it.
    fn meta(&self) -> &'static Meta;

    /// The run for these arguments, or everything that is wrong with them.
    fn ready(&self, input: Value) -> Result<Ready, Vec<Violation>>;
}

/// The workflow whose calls are `W` and give a `T`.
pub(super) struct Of<W, T>(PhantomData<fn() -> (W, T)>);

impl<W, T> Of<W, T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<W: Workflow<T>, T: Send + 'static> Registered for Of<W, T> {
    fn meta(&self) -> &'static Meta {
        W::META.get()
    }

    fn ready(&self, input: Value) -> Result<Ready, Vec<Violation>> {
        let call = W::__read(input)?;
        Ok(Box::new(|runtime| {
            let run = runtime.run(call);
            Box::pin(async move { W::__encode(&run.await?) })
        }))
    }
}
