//! Where a workflow awaits a call: directly if the run is quiet, through the engine otherwise.

use std::future::{Future, Pending, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::operation::{self, panicked};
use super::running::Running;
use super::{AsTool, Body, Call, StepCall, StepDef};
use crate::call::Cx;
use crate::error::Result;
use crate::graph::{self, MetaPtr};
use crate::place::NodeId;
use crate::provider::{BoxFuture, Model};

/// Wraps the operand of `.await` in a workflow. Calls have an inherent `at`; for anything else the silent fallbacks [`NotAStep`]
/// and [`NotAFuture`] apply, because [`require_step`](super::require_step) has reported the error already.
#[derive(Debug)]
pub struct Awaited<C>(pub C);

impl<C: Call> Awaited<C> {
    /// Runs the call at its place.
    #[inline(always)]
    pub fn at<'c>(
        self,
        cx: &'c Cx<'c>,
        name: Option<&'static str>,
        ordinal: u32,
    ) -> impl Future<Output = Result<C::Ok>> + Send
    where
        C: 'c,
    {
        let id = name.unwrap_or(C::META.get().id);
        self.0.__inner().__at(cx, NodeId { id, ordinal })
    }
}

/// The fallback for a future that is not a call.
pub trait NotAStep<C> {
    /// Returns the future itself.
    fn at(self, cx: &Cx<'_>, name: Option<&'static str>, ordinal: u32) -> C;
}

impl<C: Future> NotAStep<C> for Awaited<C> {
    fn at(self, _: &Cx<'_>, _: Option<&'static str>, _: u32) -> C {
        self.0
    }
}

/// The fallback for anything that is not a future. It takes the value by reference, so it is found last.
pub trait NotAFuture<C> {
    /// Returns a future of such a value.
    fn at(self, cx: &Cx<'_>, name: Option<&'static str>, ordinal: u32) -> Pending<C>;
}

impl<C> NotAFuture<C> for &Awaited<C> {
    fn at(self, _: &Cx<'_>, _: Option<&'static str>, _: u32) -> Pending<C> {
        pending()
    }
}

impl<M, A, F> Call for StepCall<M, A, F>
where
    M: StepDef<A>,
    A: Send,
    F: Body<A, Output = Result<M::Ok, M::Err>>,
{
    type Ok = M::Ok;
    type Err = M::Err;
    type Inputs = M::Inputs;
    type Inner = Self;
    const META: MetaPtr = M::META;
    const STATES: &'static [graph::State] = M::STATES;
    const TOOL: AsTool = M::TOOL;

    fn model(self, model: Model) -> Self {
        self.with(|options| options.model = Some(model))
    }

    fn id(self, _: impl Into<String>) -> Self {
        self
    }

    fn timeout(self, limit: &'static str) -> Self {
        self.with(|options| options.timeout = Some(crate::duration::read_or_panic(limit)))
    }

    #[inline(always)]
    fn __inner(self) -> Self {
        self
    }

    #[inline(always)]
    fn __at<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> impl Future<Output = Result<M::Ok>> + Send
    where
        Self: 'c,
    {
        StepAt::new(self, cx, node)
    }
}

pin_project! {
    /// A running call in a workflow.
    #[project = StepAtProj]
    enum StepAt<'c, M, A, F>
    where
        F: Body<A>,
        M: StepDef<A>,
    {
        Straight { #[pin] body: F::Future, cx: &'c Cx<'c>, node: NodeId },
        Engine { future: BoxFuture<'c, Result<M::Ok>> },
    }
}

impl<'c, M, A, F> StepAt<'c, M, A, F>
where
    M: StepDef<A>,
    A: Send + 'c,
    F: Body<A, Output = Result<M::Ok, M::Err>> + 'c,
{
    #[inline(always)]
    fn new(call: StepCall<M, A, F>, cx: &'c Cx<'c>, node: NodeId) -> Self {
        if !M::PLAIN || !cx.run.quiet || call.has_options() {
            return Self::Engine { future: operation::run(call, cx, node) };
        }
        match call.into_parts() {
            Some(parts) => Self::Straight { body: parts.body.start(parts.arguments), cx, node },
            // It was polled elsewhere and is pinned there.
            None => Self::Engine { future: Box::pin(pending()) },
        }
    }
}

impl<M, A, F> Future for StepAt<'_, M, A, F>
where
    M: StepDef<A>,
    F: Body<A, Output = Result<M::Ok, M::Err>>,
{
    type Output = Result<M::Ok>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<M::Ok>> {
        match self.project() {
            StepAtProj::Engine { future } => future.as_mut().poll(task),
            StepAtProj::Straight { body, cx, node } => {
                let here = cx.inside(*node);
                let step = M::META.get().name;
                let running = Running { cx: &here, step, attempt: 1 };
                match catch_unwind(AssertUnwindSafe(|| running.scope(|| body.poll(task)))) {
                    Ok(Poll::Pending) => Poll::Pending,
                    Ok(Poll::Ready(Ok(output))) => Poll::Ready(Ok(output)),
                    Ok(Poll::Ready(Err(error))) => {
                        Poll::Ready(Err(M::erase(error).or_at(|| here.at_step(step, 1, false))))
                    }
                    Err(panic) => Poll::Ready(Err(panicked(panic).or_at(|| here.at_step(step, 1, false)))),
                }
            }
        }
    }
}
