//! Steps and workflows as tools of a model: called by name, with arguments from JSON.

use std::future::Future;
use std::marker::PhantomData;

use super::{Answer, AsTool, Call, Function, Json, StepFn, ToolCall, ToolOutput, known};
use crate::call::Cx;
use crate::contract::Violation;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Bound, MetaPtr, State, Tool};
use crate::place::NodeId;

/// A function that a model may call.
#[derive(Clone, Copy, Debug)]
pub struct Callable {
    /// The step or workflow.
    pub step: MetaPtr,
    /// The states that it takes from the runtime.
    pub states: &'static [State],
    /// How it is called.
    pub call: AsTool,
}

/// The answer: a step of a call, as a tool.
#[derive(Debug)]
pub struct IsTool<C>(PhantomData<fn() -> C>);

impl<C: Call> Answer for IsTool<C> {
    type Value = Option<Callable>;
    const VALUE: Option<Callable> = Some(Callable { step: C::META, states: C::STATES, call: C::TOOL });
}

impl<A, F: StepFn<A>> Function<F, A> {
    /// It can be a tool.
    pub fn tool(self) -> IsTool<F::Call> {
        IsTool(PhantomData)
    }
}

/// The fallback for a function that is neither a step nor a workflow.
pub trait NoTool: Sized {
    /// It cannot be a tool.
    fn tool(self) -> NotCallable {
        NotCallable
    }
}

// By reference, so that it is found last.
impl<F> NoTool for &Function<F, ()> {}

/// The answer: not a tool.
#[derive(Debug)]
pub struct NotCallable;

impl Answer for NotCallable {
    type Value = Option<Callable>;
    const VALUE: Option<Callable> = None;
}

/// A tool of a model step, as its description lists it. A function that cannot be a tool is reported elsewhere.
pub const fn tool(callable: Option<Callable>, id: Option<&'static str>, bound: &'static [Bound]) -> Tool {
    let (step, states): (_, &'static [State]) = match callable {
        Some(callable) => (callable.step, callable.states),
        None => (known(None), &[]),
    };
    Tool { step, states, id, bound }
}

/// The step behind an approver. A function that cannot approve is reported elsewhere.
pub const fn approver(callable: Option<Callable>) -> MetaPtr {
    match callable {
        Some(callable) => callable.step,
        None => known(None),
    }
}

/// Calls a tool or an approver, if that is possible.
pub const fn tool_call(callable: Option<Callable>) -> Option<ToolCall> {
    match callable {
        Some(Callable { call: AsTool::By(call), .. }) => Some(call),
        _ => None,
    }
}

/// Why a step cannot be a tool or an approver, unless that is reported elsewhere.
pub const fn never_tool(callable: Option<Callable>) -> Option<&'static str> {
    match callable {
        Some(Callable { call: AsTool::Never(reason), .. }) => Some(reason),
        _ => None,
    }
}

/// Runs a call as a tool.
#[allow(clippy::manual_async_fn, reason = "it says that the future is `Send`")]
pub fn run_tool<'c, C: Call + 'c>(
    call: C,
    output: Json<C::Ok>,
    cx: &'c Cx<'c>,
    node: NodeId,
) -> impl Future<Output = Result<ToolOutput>> + Send
where
    C::Ok: Send,
{
    async move {
        let returned = call.__inner().__at(cx, node).await?;
        ToolOutput::of(|| (output.encode)(&returned))
    }
}

/// The error of arguments that break the contract of a tool.
#[cold]
pub fn misfit(violations: Vec<Violation>) -> Error {
    let told: Vec<_> = violations.iter().map(ToString::to_string).collect();
    let text = format!("the arguments break the contract: {}", told.join("; "));
    Error::new(ErrorKind::ContractViolated { violations, answer: String::new() }, text)
}
