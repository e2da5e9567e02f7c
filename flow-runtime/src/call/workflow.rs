//! The call of a workflow: owned arguments, and a body that is boxed once per call.

use std::marker::{PhantomData, PhantomPinned};
use std::time::Duration;

use futures_util::future::{Either, select};
use serde_json::Value;

use super::{AsTool, Call, Json, Workflow, misfit, run_tool};
use crate::call::Cx;
use crate::contract::{Direction, Violation, Ways, read_back};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::MetaPtr;
use crate::place::{NodeId, RunId};
use crate::provider::{BoxFuture, Model};
use crate::run::named_by_call;
use crate::time_limit::{Blocked, Late, within_clock};

/// A workflow: implemented by `#[workflow]`, one type per workflow.
pub trait WorkflowDef: Send + Sync + 'static {
    /// The arguments, without states.
    type Arguments: Send + 'static;
    /// What the workflow returns.
    type Ok: Send + 'static;
    /// The description of the workflow.
    const META: MetaPtr;
    /// Converts the output to JSON and back.
    const OUTPUT: Json<Self::Ok>;

    /// Runs the body.
    fn body<'c>(cx: Cx<'c>, arguments: Self::Arguments) -> BoxFuture<'c, Result<Self::Ok>>;

    /// Encodes the arguments by name, as they are recorded.
    fn input(arguments: &Self::Arguments) -> Result<Value>;

    /// Decodes the arguments from an object, by name.
    fn read(input: Value) -> Result<Self::Arguments, Vec<Violation>>;
}

/// A call of a workflow.
#[derive(Debug)]
pub struct WorkflowCall<M: WorkflowDef> {
    arguments: M::Arguments,
    id: Option<String>,
    timeout: Option<Duration>,
    marker: PhantomData<fn() -> M>,
    // Distinguishes a call from other values, see `StepProbe`.
    _pinned: PhantomPinned,
}

impl<M: WorkflowDef> WorkflowCall<M> {
    /// Creates a call with its arguments.
    pub fn new(_: M, arguments: M::Arguments) -> Self {
        Self::with(arguments)
    }

    fn with(arguments: M::Arguments) -> Self {
        Self { arguments, id: None, timeout: None, marker: PhantomData, _pinned: PhantomPinned }
    }
}

impl<M: WorkflowDef> Call for WorkflowCall<M> {
    type Ok = M::Ok;
    type Err = Error;
    type Inputs = M::Arguments;
    type Inner = Self;
    const META: MetaPtr = M::META;
    const TOOL: AsTool = AsTool::By(|input, cx, node| {
        Box::pin(async move {
            let arguments = M::read(input).map_err(misfit)?;
            run_tool(Self::with(arguments), M::OUTPUT, cx, node).await
        })
    });

    fn model(self, _: Model) -> Self {
        self
    }

    fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    fn timeout(mut self, limit: &'static str) -> Self {
        self.timeout = Some(crate::duration::read_or_panic(limit));
        self
    }

    #[inline(always)]
    fn __inner(self) -> Self {
        self
    }

    async fn __at<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> Result<M::Ok>
    where
        Self: 'c,
    {
        let underway = Underway::begin(cx.inside(node), M::META);
        let mut outcome = self.__run(underway.cx).await;
        if let Err(error) = outcome {
            outcome = Err(undone(&underway.cx, error).await);
        }
        underway.end(outcome.as_ref().err());
        outcome
    }
}

impl<M: WorkflowDef> Workflow<M::Ok> for WorkflowCall<M> {
    fn __id(&self) -> Result<Option<RunId>> {
        self.id.as_deref().map(named_by_call).transpose()
    }

    async fn __run<'c>(self, cx: Cx<'c>) -> Result<M::Ok> {
        let limit = self.timeout.or(M::META.get().policy.timeout);
        let body = M::body(cx, self.arguments);
        let outcome = match limit {
            None => body.await,
            // Boxed, so that a workflow without a limit is small.
            Some(limit) => Box::pin(limited(&cx, limit, body)).await,
        };
        outcome.map_err(|error| error.or_at(|| cx.at()))
    }

    fn __input(&self) -> Result<Value> {
        M::input(&self.arguments)
    }

    fn __recorded(self) -> Result<(Self, Value)> {
        let meta = M::META.get();
        let what = format!("the input of workflow `{}`", meta.name);
        let schema = || meta.input_schema(Direction::Write);
        let ways = Ways { what: &what, encode: &M::input, decode: &M::read, schema: &schema };
        let (arguments, input) = read_back(&self.arguments, &ways)?;
        Ok((Self { arguments, ..self }, input))
    }

    fn __given(self, input: Value) -> Result<Self, Vec<Violation>> {
        Ok(Self { arguments: M::read(input)?, ..self })
    }

    fn __read(input: Value) -> Result<Self, Vec<Violation>> {
        M::read(input).map(Self::with)
    }

    fn __encode(output: &M::Ok) -> Result<Value> {
        (M::OUTPUT.encode)(output)
    }

    fn __read_back(output: &M::Ok) -> Result<(M::Ok, Value)> {
        M::OUTPUT.read_back("the output", output, M::META)
    }

    fn __decode(output: Value) -> Result<M::Ok> {
        super::reread(M::OUTPUT.decode, output)
    }
}

/// A called workflow between its first and its last event. If it is dropped in between, it was cancelled.
struct Underway<'c> {
    cx: Cx<'c>,
    ended: bool,
}

impl<'c> Underway<'c> {
    fn begin(cx: Cx<'c>, meta: MetaPtr) -> Self {
        if !cx.run.quiet {
            cx.run.engine.will_workflow(&cx, meta.get());
        }
        Self { cx, ended: false }
    }

    fn end(mut self, error: Option<&Error>) {
        self.ended = true;
        if !self.cx.run.quiet {
            self.cx.run.engine.did_workflow(&self.cx, error);
        }
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.ended && !self.cx.run.quiet {
            let error = Error::new(ErrorKind::Cancelled, "the workflow was cancelled");
            self.cx.run.engine.did_workflow(&self.cx, Some(&error));
        }
    }
}

async fn limited<T>(cx: &Cx<'_>, limit: Duration, body: BoxFuture<'_, Result<T>>) -> Result<T> {
    let engine = &cx.run.engine;
    if cx.run.quiet {
        let left = engine.passing(limit);
        return in_time(limit, within_clock(left, body).await);
    }
    let before = engine.failed_before(cx);
    // Recorded results are replayed at once, even past the limit: replay must not yield midway.
    let mut body = tokio::task::unconstrained(body);
    let mut blocked = None;
    if before.is_none() {
        match within_clock(engine.time_left(cx, limit), &mut body).await {
            Err(late) if late.output.is_none() => blocked = late.blocked,
            Err(Late { output: Some(Ok(_)), blocked }) => {
                let error = too_late(limit, blocked).or_at(|| cx.at());
                engine.did_fail(cx, &error).await;
                return Err(error);
            }
            ended => return in_time(limit, ended),
        }
    }
    // Steps that finished before the timeout may have to be undone.
    let end = before.as_ref().map(|(_, end)| *end);
    let taken_over = select(engine.will_drop(end), body).await;
    match (before, taken_over) {
        (Some((error, _)), _) => Err(error),
        (None, Either::Right((outcome, _))) => outcome,
        (None, Either::Left(((), body))) => {
            drop(body);
            let error = too_late(limit, blocked).or_at(|| cx.at());
            engine.did_fail(cx, &error).await;
            Err(error)
        }
    }
}

/// The error of a workflow after it has undone its finished steps.
async fn undone(cx: &Cx<'_>, error: Error) -> Error {
    if cx.run.done.is_empty() {
        error.with_not_undone::<&str>(cx.run.id(), Vec::new())
    } else {
        cx.run.engine.undo(cx, error).await
    }
}

/// The result of a body within its limit. A body that failed by itself keeps its error.
fn in_time<T>(limit: Duration, ended: Result<Result<T>, Late<Result<T>>>) -> Result<T> {
    match ended {
        Ok(outcome) | Err(Late { output: Some(outcome @ Err(_)), .. }) => outcome,
        Err(late) => Err(too_late(limit, late.blocked)),
    }
}

fn too_late(limit: Duration, blocked: Option<Blocked>) -> Error {
    let why = blocked.map_or_else(String::new, |blocked| format!("; something in it {blocked}"));
    Error::new(ErrorKind::TimedOut { after: limit }, format!("the workflow did not end within {limit:?}{why}"))
}
