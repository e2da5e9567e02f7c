//! A call executed by the engine: the typed half.

use std::any::Any;
use std::future::{Future, poll_fn, ready};
use std::panic::AssertUnwindSafe;
use std::pin::pin;

use futures_util::FutureExt;
use serde_json::Value;
use tokio::sync::SemaphorePermit;

use super::running::Running;
use super::step::Parts;
use super::{Body, Judgement, Ops, Site, StepCall, StepDef, ToolCall, UndoAt};
use crate::call::Cx;
use crate::contract::Violation;
use crate::error::{Error, ErrorKind, Result};
use crate::gate::Rejection;
use crate::place::NodeId;
use crate::prompt::Prompt;
use crate::provider::BoxFuture;

/// Executes a call through the engine.
pub(super) fn run<'c, M, A, F>(call: StepCall<M, A, F>, cx: &'c Cx<'c>, node: NodeId) -> BoxFuture<'c, Result<M::Ok>>
where
    M: StepDef<A>,
    A: Send + 'c,
    F: Body<A, Output = Result<M::Ok, M::Err>> + 'c,
{
    Box::pin(async move {
        let Some(Parts { arguments, body, options }) = call.into_parts() else {
            return Err(Error::terminal("a step call was polled before its workflow awaited it"));
        };
        let options = options.unwrap_or_default();
        let site = Site { meta: M::META.get(), cx: cx.inside(node), model: options.model, timeout: options.timeout };
        let mut operation = Operation::<M, A, F> { arguments: Some(arguments), body, slot: None };
        cx.run.engine.step(site, &mut operation).await?;
        operation.take()
    })
}

struct Operation<M: StepDef<A>, A, F> {
    /// Taken by the only attempt if the arguments cannot be copied.
    arguments: Option<A>,
    body: F,
    slot: Option<M::Ok>,
}

impl<M: StepDef<A>, A, F> Operation<M, A, F> {
    fn arguments(&self) -> Result<&A> {
        self.arguments.as_ref().ok_or_else(given_away)
    }

    fn slot(&self) -> Result<&M::Ok> {
        self.slot.as_ref().ok_or_else(|| Error::terminal("the step has no output yet"))
    }

    fn take(&mut self) -> Result<M::Ok> {
        self.slot.take().ok_or_else(|| Error::terminal("the step ended without an output"))
    }

    /// The arguments for one attempt: a copy if the step may run again.
    fn spend(&mut self) -> Result<A> {
        let copy = self.arguments.as_ref().and_then(M::repeat);
        copy.or_else(|| self.arguments.take()).ok_or_else(given_away)
    }
}

impl<M, A, F> Ops for Operation<M, A, F>
where
    M: StepDef<A>,
    A: Send,
    F: Body<A, Output = Result<M::Ok, M::Err>>,
{
    fn input(&self) -> Result<Value> {
        self.arguments().and_then(M::input)
    }

    fn can_run(&self) -> bool {
        self.arguments.is_some()
    }

    fn run_body<'s>(&'s mut self, cx: &'s Cx<'s>, attempt: u32) -> BoxFuture<'s, Result<()>> {
        Box::pin(async move {
            let arguments = self.spend()?;
            let running = Running { cx, step: M::META.get().name, attempt };
            let body = contained(running, self.body.start(arguments));
            self.slot = Some(body.await?.map_err(M::erase)?);
            Ok(())
        })
    }

    fn prompt(&self) -> Result<Prompt> {
        self.arguments().and_then(M::prompt)
    }

    fn fill(&mut self, answer: Value) -> Result<(), Vec<Violation>> {
        self.slot = Some((M::OUTPUT.decode)(answer)?);
        Ok(())
    }

    fn output(&self) -> Result<Value> {
        self.slot().and_then(M::OUTPUT.encode)
    }

    fn read_back(&mut self) -> Result<Value> {
        let (output, recorded) = M::OUTPUT.read_back("the output", self.slot()?, M::META)?;
        self.slot = Some(output);
        Ok(recorded)
    }

    fn judge<'s>(&'s self, cx: &'s Cx<'s>) -> BoxFuture<'s, Result<Vec<Judgement>>> {
        match self.slot() {
            Ok(output) => M::judge(output, self.arguments.as_ref(), cx),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    fn fix<'s>(&'s mut self, cx: &'s Cx<'s>, rejection: &'s Rejection) -> BoxFuture<'s, Result<()>> {
        Box::pin(async move {
            let output = self.take()?;
            self.slot = Some(M::fix(output, rejection, cx).await?);
            Ok(())
        })
    }

    fn fall_back<'s>(&'s mut self, cx: &'s Cx<'s>) -> BoxFuture<'s, Result<()>> {
        let Some(arguments) = &self.arguments else { return Box::pin(ready(self.arguments().map(drop))) };
        let (slot, answer) = (&mut self.slot, M::fall_back(arguments, cx));
        Box::pin(async move {
            *slot = Some(answer.await?);
            Ok(())
        })
    }

    fn undo(&self) -> Option<UndoAt> {
        M::UNDO
    }

    fn approve(&self) -> Option<ToolCall> {
        M::APPROVE
    }

    fn tools(&self) -> &'static [Option<ToolCall>] {
        M::TOOLS
    }

    fn enter<'s>(&'s self) -> BoxFuture<'s, Option<SemaphorePermit<'static>>> {
        Box::pin(async {
            match M::limit() {
                Some(limit) => limit.acquire().await.ok(),
                None => None,
            }
        })
    }
}

/// The arguments are requested after the only attempt has taken them; generated code never does this.
#[cold]
pub fn given_away() -> Error {
    Error::terminal("the arguments of the step were already consumed")
}

/// Runs a body with `current()` set, and turns a panic into an error.
async fn contained<T>(running: Running<'_>, body: impl Future<Output = T>) -> Result<T> {
    let mut body = pin!(body);
    let scoped = poll_fn(move |task| running.scope(|| body.as_mut().poll(task)));
    AssertUnwindSafe(scoped).catch_unwind().await.map_err(panicked)
}

#[cold]
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Error {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::new(ErrorKind::Panicked, format!("panicked: {}", said.unwrap_or("no message")))
}
