//! The call of a step: holds the arguments until it is polled, then the future of the body.

use std::future::Future;
use std::marker::{PhantomData, PhantomPinned};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{AsTool, Body, Json, Judgement, ToolCall, UndoAt};
use crate::call::Cx;
use crate::error::{Error, Result};
use crate::gate::Rejection;
use crate::graph::{self, MetaPtr};
use crate::prompt::Prompt;
use crate::provider::{BoxFuture, Model};

/// A step without its body: implemented by `#[step]`, one type per step, for arguments `A`.
pub trait StepDef<A>: Send + 'static {
    /// What the step returns.
    type Ok: Send;
    /// The error of the function.
    type Err: Send;
    /// The arguments as owned values, states left out.
    type Inputs;
    /// The description of the step.
    const META: MetaPtr;
    /// Whether the step is just its body: one attempt, no gate, no limit.
    const PLAIN: bool;
    /// Converts the output to JSON and back.
    const OUTPUT: Json<Self::Ok>;
    /// The states that it takes from the runtime as a tool.
    const STATES: &'static [graph::State] = &[];
    /// How the step is called as a tool; its macro has reported it if not at all.
    const TOOL: AsTool = AsTool::Reported;
    /// Asks its approver.
    const APPROVE: Option<ToolCall> = None;
    /// The tools that its model may call, as its policy lists them.
    const TOOLS: &'static [Option<ToolCall>] = &[];

    /// Converts the step's error to ours.
    fn erase(error: Self::Err) -> Error;

    /// Encodes the arguments by name, as they are recorded and rendered.
    fn input(arguments: &A) -> Result<Value>;

    /// Copies the arguments, if the step may run twice.
    fn repeat(_: &A) -> Option<A> {
        None
    }

    /// Returns the prompt for the model or person.
    fn prompt(_: &A) -> Result<Prompt> {
        Ok(Prompt::default())
    }

    /// Lets the gates judge an output. A body that runs once consumes its arguments, so gates that need none judge without them.
    fn judge<'x>(_: &'x Self::Ok, _: Option<&'x A>, _: &'x Cx<'x>) -> BoxFuture<'x, Result<Vec<Judgement>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    /// Lets the `fix` step correct an output.
    fn fix<'x>(output: Self::Ok, _: &'x Rejection, _: &'x Cx<'x>) -> BoxFuture<'x, Result<Self::Ok>>
    where
        Self::Ok: 'x,
    {
        Box::pin(std::future::ready(Ok(output)))
    }

    /// Runs the `fallback` step.
    fn fall_back<'x>(_: &'x A, _: &'x Cx<'x>) -> BoxFuture<'x, Result<Self::Ok>>
    where
        Self::Ok: 'x,
    {
        Box::pin(std::future::ready(Err(Error::terminal("the step has no fallback"))))
    }

    /// Undoes the step with its `compensate` step, if it has one.
    const UNDO: Option<UndoAt> = None;

    /// Limits how many run at once in this process.
    fn limit() -> Option<&'static Semaphore> {
        None
    }
}

pin_project! {
    /// A call of a step.
    #[derive(Debug)]
    pub struct StepCall<M, A, F>
    where
        F: Body<A>,
    {
        // Distinguishes a call from other values, see `StepProbe`.
        #[pin]
        pinned: PhantomPinned,
        #[pin]
        state: State<A, F, F::Future>,
        marker: PhantomData<fn() -> M>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<A, F, Fut> {
        New { parts: Option<Parts<A, F>> },
        Running { #[pin] body: Fut },
    }
}

impl<A, F, Fut> std::fmt::Debug for State<A, F, Fut> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New { .. } => "New",
            Self::Running { .. } => "Running",
        })
    }
}

/// A call that has not been polled yet.
pub(super) struct Parts<A, F> {
    pub(super) arguments: A,
    pub(super) body: F,
    /// Boxed, so that a call without options is small.
    pub(super) options: Option<Box<Options>>,
}

/// Overrides of the step's options for one call.
#[derive(Clone, Copy, Default)]
pub(super) struct Options {
    pub(super) model: Option<Model>,
    pub(super) timeout: Option<Duration>,
}

impl<M, A, F: Body<A>> StepCall<M, A, F> {
    /// Creates a call with its arguments.
    #[inline(always)]
    pub fn new(_: M, arguments: A, body: F) -> Self {
        let parts = Some(Parts { arguments, body, options: None });
        Self { pinned: PhantomPinned, state: State::New { parts }, marker: PhantomData }
    }

    /// The parts of a call; `None` once it has been polled.
    pub(super) fn into_parts(self) -> Option<Parts<A, F>> {
        match self.state {
            State::New { parts } => parts,
            State::Running { .. } => None,
        }
    }

    /// Whether options were set that a plain body does not handle.
    pub(super) fn has_options(&self) -> bool {
        matches!(&self.state, State::New { parts: Some(parts) } if parts.options.is_some())
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        if let State::New { parts: Some(parts) } = &mut self.state {
            change(parts.options.get_or_insert_default());
        }
        self
    }
}

impl<M, A, F: Body<A>> Future for StepCall<M, A, F> {
    type Output = F::Output;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let mut state = self.project().state;
        loop {
            let parts = match state.as_mut().project() {
                StateProj::Running { body } => return body.poll(task),
                StateProj::New { parts } => parts.take(),
            };
            let Some(parts) = parts else { return Poll::Pending };
            let body = parts.body.start(parts.arguments);
            state.set(State::Running { body });
        }
    }
}
