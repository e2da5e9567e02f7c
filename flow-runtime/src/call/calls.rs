//! The calls of steps and workflows.

use std::future::Future;

use serde_json::Value;

use super::{AsTool, Cx};
use crate::contract::Violation;
use crate::error::{Error, Result};
use crate::graph::{MetaPtr, State};
use crate::place::{NodeId, RunId};
use crate::provider::Model;

/// A call of a step or workflow. Does nothing until awaited: in a workflow, or in any async code if it is a [`CodeStep`].
///
/// The methods override options of the step for this call. They take effect where a workflow awaits the call.
#[must_use = "a step does nothing until it is awaited"]
pub trait Call: Send + Sized {
    /// What the step returns.
    type Ok;
    /// The error of the function itself. Inside a workflow every call yields [`Error`].
    type Err;
    /// The arguments as owned values, states left out.
    type Inputs;
    /// The call that is run. rustc does not look into the type of its future, so it is `Send` for every lifetime.
    #[doc(hidden)]
    type Inner: Call<Ok = Self::Ok, Err = Self::Err>;
    /// The description of the step.
    #[doc(hidden)]
    const META: MetaPtr;
    /// The states that it takes from the runtime if no workflow passes them.
    #[doc(hidden)]
    const STATES: &'static [State] = &[];
    /// How the step is called as a tool.
    #[doc(hidden)]
    const TOOL: AsTool = AsTool::Reported;

    /// Asks this model instead of the step's own chain.
    fn model(self, model: Model) -> Self;

    /// Names the place of this call, so its result keeps its identity when calls are added before it. On a workflow call given to
    /// a runtime, it names the run.
    ///
    /// An id must not be empty or contain `/ . [ ]`, which separate the parts of a place.
    fn id(self, id: impl Into<String>) -> Self;

    /// Limits each attempt of this call instead of the step's own limit: `"500ms"`, `"30s"`, `"5m"`, `"1h"`, `"3d"`.
    fn timeout(self, limit: &'static str) -> Self;

    /// Returns the call that is run.
    #[doc(hidden)]
    fn __inner(self) -> Self::Inner;

    /// Runs the call at its place in a run.
    #[doc(hidden)]
    fn __at<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> impl Future<Output = Result<Self::Ok>> + Send
    where
        Self: 'c;
}

/// A call of a step that returns a `T`.
#[must_use = "a step does nothing until it is awaited"]
pub trait Step<T, E = Error>: Call<Ok = T, Err = E> {}

impl<C: Call> Step<C::Ok, C::Err> for C {}

/// A call of a code step. Any async code may await it; outside a workflow this runs only the body.
#[must_use = "a step does nothing until it is awaited"]
pub trait CodeStep<T, E = Error>: Step<T, E> + Future<Output = Result<T, E>> {}

impl<T, E, C: Step<T, E> + Future<Output = Result<T, E>>> CodeStep<T, E> for C {}

/// A call of a workflow that returns a `T`.
#[diagnostic::on_unimplemented(
    message = "expected a workflow, found a step",
    label = "a step, not a workflow",
    note = "write a `#[workflow]` that awaits the step, or run the step alone with `runtime.step(…)`",
    note = "see flow::errors::not_a_workflow"
)]
#[must_use = "a workflow does nothing until it is awaited or given to a runtime"]
pub trait Workflow<T>: Call<Ok = T, Err = Error> + 'static {
    /// The id of the run, if the caller named it.
    #[doc(hidden)]
    fn __id(&self) -> Result<Option<RunId>>;

    /// Runs the body in its own run.
    #[doc(hidden)]
    fn __run<'c>(self, cx: Cx<'c>) -> impl Future<Output = Result<T>> + Send;

    /// Returns the arguments as they are recorded.
    #[doc(hidden)]
    fn __input(&self) -> Result<Value>;

    /// Returns the same call with arguments read back from their recorded form, and that form.
    #[doc(hidden)]
    fn __recorded(self) -> Result<(Self, Value)>;

    /// Returns the same call with the arguments that were recorded when its run began.
    #[doc(hidden)]
    fn __given(self, input: Value) -> Result<Self, Vec<Violation>>;

    /// Creates a call with arguments from an object, by name.
    #[doc(hidden)]
    fn __read(input: Value) -> Result<Self, Vec<Violation>>;

    /// Encodes the output as it is recorded and printed.
    #[doc(hidden)]
    fn __encode(output: &T) -> Result<Value>;

    /// Reads the output back from its recorded form; returns both.
    #[doc(hidden)]
    fn __read_back(output: &T) -> Result<(T, Value)>;

    /// Decodes the output of a finished run.
    #[doc(hidden)]
    fn __decode(output: Value) -> Result<T>;
}
