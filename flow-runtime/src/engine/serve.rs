//! Calls tools of MCP servers.

use serde_json::{Map, Value};

use super::fill::fill;
use super::here::Here;
use super::in_process::InProcess;
use super::published::Unserved;
use super::unknown::unknown_outcome;
use crate::call::Ops;
use crate::contract::{Direction, Shape, is_optional};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Effect, Meta, ServerTool};
use crate::mcp::{ServerFailure, ServerFailureKind, Unfit, read};
use crate::prompt::Prompt;

/// Calls the tool of a step, once.
pub(super) async fn call(here: &Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let (step, input) = (here.site.meta, ops.input()?);
    let Some(tool) = step.policy.mcp else { return Err(Error::terminal("the step has no tool")) };
    let shared = &here.engine.shared;
    if shared.models.is_offline() {
        return fill(ops, made_up(step, &input));
    }
    let server = shared.servers.fitting(step, tool).await.map_err(|unserved| match unserved {
        Unserved::Down(failure) => failed(here.engine, step, tool, failure),
        Unserved::Unfit(text) => Error::new(ErrorKind::Setup, text),
    })?;
    let answer = server.call(tool.tool, arguments(step, tool, input)).await;
    let answer = answer.map_err(|failure| failed(here.engine, step, tool, failure))?;
    let output = read(answer, step.output.shape).map_err(|unfit| match unfit {
        Unfit::Failed(text) => Error::terminal(format!("tool `{tool}` failed: {text}")),
        Unfit::NotJson(text) => {
            Error::terminal(format!("the answer of tool `{tool}` is not an output of the step: {text}"))
        }
    })?;
    fill(ops, output)
}

/// The arguments by name. One that is `None` is left out, since most tools reject `null` for an absent value.
fn arguments(step: &'static Meta, tool: ServerTool, mut input: Value) -> Map<String, Value> {
    let sent = step.arguments.iter().filter_map(|argument| {
        let value = input.get_mut(argument.name).map(Value::take).unwrap_or_default();
        let is_left_out = value.is_null() && is_optional(argument.contract.shape);
        (!is_left_out).then(|| (tool.argument(argument.name).to_owned(), value))
    });
    sent.collect()
}

/// The error of a call that got no answer. If an irreversible effect may have happened, a person has to find out.
fn failed(engine: &InProcess, step: &'static Meta, tool: ServerTool, failure: ServerFailure) -> Error {
    let text = format!("tool `{tool}`: {}", failure.message);
    let kind = match failure.kind {
        ServerFailureKind::Lost if step.policy.effect == Effect::Irreversible => return unknown_outcome(engine, &text),
        ServerFailureKind::Misconfigured => ErrorKind::Setup,
        kind if kind.is_retryable() => ErrorKind::Retryable,
        _ => ErrorKind::Terminal,
    };
    Error::new(kind, text).with_source(failure)
}

/// An answer from the words of the arguments.
fn made_up(step: &'static Meta, input: &Value) -> Value {
    match step.output.shape {
        Shape::Null => Value::Null,
        _ => crate::provider::fill(&Prompt::user(input.to_string()), &(step.output.schema)(Direction::Read)),
    }
}
