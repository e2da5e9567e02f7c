//! Calls that only a workflow may await: of all steps but code, and of workflows.

use std::future::{Future, Pending, pending};
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;

use super::{AsTool, Call, Refused, Workflow, refused};
use crate::call::Cx;
use crate::contract::Violation;
use crate::error::{Error, Result};
use crate::graph::{MetaPtr, State};
use crate::place::{NodeId, RunId};
use crate::provider::Model;

/// A call that can be awaited only in a `#[workflow]`: of a model, human, signal or MCP step, or of another workflow.
///
/// Elsewhere, run it with a runtime: `runtime.step(extract(&resume)).await`, `runtime.run(screen(resume)).await`.
#[derive(Debug)]
#[must_use = "a step does nothing until it is awaited"]
pub struct InWorkflow<C>(C);

impl<C> InWorkflow<C> {
    /// Wraps a call.
    #[doc(hidden)]
    #[inline(always)]
    pub const fn new(call: C) -> Self {
        Self(call)
    }
}

/// A call that any async code may await.
#[diagnostic::on_unimplemented(
    message = "model, human, signal and MCP steps and workflows can be awaited only in a `#[workflow]`",
    label = "not awaited in a workflow",
    note = "a function that awaits steps is a workflow: annotate it with `#[workflow]` instead of `#[step]`, or await the step in the workflow and pass on its output",
    note = "in other code, run it with a runtime: `runtime.step(…).await`, or `runtime.run(…).await` for a workflow",
    note = "see flow::errors::outside_a_workflow"
)]
pub trait Anywhere {}

/// Never implemented, because nothing is [`Anywhere`]: it makes rustc explain why the call is not a future.
impl<C: Call> Future for InWorkflow<C>
where
    C: Anywhere,
{
    type Output = Result<C::Ok, C::Err>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Pending
    }
}

/// The operand of `.await` in the body of a step. Inherent, and an error, for calls that only a workflow may await; anything else
/// passes unchanged.
#[derive(Debug)]
pub struct InStep<F>(pub F);

impl<C: Call> InStep<InWorkflow<C>> {
    /// A future of the output, for type inference.
    pub fn awaited(self) -> Refused<C::Ok, C::Err>
    where
        C: Anywhere,
    {
        refused()
    }
}

/// The fallback of [`InStep`].
pub trait Ordinary<F> {
    /// Returns the value itself.
    fn awaited(self) -> F;
}

impl<F> Ordinary<F> for InStep<F> {
    fn awaited(self) -> F {
        self.0
    }
}

impl<C: Call> Call for InWorkflow<C> {
    type Ok = C::Ok;
    type Err = C::Err;
    type Inputs = C::Inputs;
    type Inner = C;
    const META: MetaPtr = C::META;
    const STATES: &'static [State] = C::STATES;
    const TOOL: AsTool = C::TOOL;

    fn model(self, model: Model) -> Self {
        Self(self.0.model(model))
    }

    fn id(self, id: impl Into<String>) -> Self {
        Self(self.0.id(id))
    }

    fn timeout(self, limit: &'static str) -> Self {
        Self(self.0.timeout(limit))
    }

    #[inline(always)]
    fn __inner(self) -> C {
        self.0
    }

    #[inline(always)]
    fn __at<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> impl Future<Output = Result<C::Ok>> + Send
    where
        Self: 'c,
    {
        self.0.__at(cx, node)
    }
}

#[diagnostic::do_not_recommend]
impl<T, W: Workflow<T>> Workflow<T> for InWorkflow<W> {
    fn __id(&self) -> Result<Option<RunId>> {
        self.0.__id()
    }

    fn __run<'c>(self, cx: Cx<'c>) -> impl Future<Output = Result<T>> + Send {
        self.0.__run(cx)
    }

    fn __input(&self) -> Result<Value> {
        self.0.__input()
    }

    fn __recorded(self) -> Result<(Self, Value)> {
        self.0.__recorded().map(|(call, input)| (Self(call), input))
    }

    fn __given(self, input: Value) -> Result<Self, Vec<Violation>> {
        self.0.__given(input).map(Self)
    }

    fn __read(input: Value) -> Result<Self, Vec<Violation>> {
        W::__read(input).map(Self)
    }

    fn __encode(output: &T) -> Result<Value> {
        W::__encode(output)
    }

    fn __read_back(output: &T) -> Result<(T, Value)> {
        W::__read_back(output)
    }

    fn __decode(output: Value) -> Result<T> {
        W::__decode(output)
    }
}

/// Gives awaited calls their type while the body of the workflow cannot be parsed, so that editors can help.
pub trait AwaitedCall: Call {
    /// A future of the output, for type inference.
    fn __in_workflow(self) -> Refused<Self::Ok, Error> {
        refused()
    }
}

impl<C: Call> AwaitedCall for C {}

/// The same for a future that is not a call.
pub trait AwaitedFuture<T>: Sized {
    /// A future of the output, for type inference.
    fn __in_workflow(self) -> Pending<T> {
        pending()
    }
}

impl<F: Future> AwaitedFuture<F::Output> for &F {}

/// The same for anything that is not a future.
pub trait AwaitedOther: Sized {
    /// Returns the value itself; rustc reports that it is not a future.
    fn __in_workflow(self) -> Self {
        self
    }
}

impl<T> AwaitedOther for &&T {}
