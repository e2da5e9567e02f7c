//! Calls tools of MCP servers.

use std::time::Duration;

use serde_json::{Map, Value};

use super::fill::fill;
use super::here::Here;
use super::in_process::InProcess;
use super::servers::Unserved;
use super::unknown::unknown_outcome;
use crate::call::Ops;
use crate::contract::{Direction, Shape, is_optional};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Effect, Meta, ServerTool};
use crate::mcp::{Connected, ServerFailure, ServerFailureKind, Unfit, read};
use crate::prompt::Prompt;

/// How long a call may take if its step has no timeout.
pub(super) const LONGEST: Duration = Duration::from_secs(600);

/// JSON-RPC: the method does not exist, or its parameters are invalid.
const NOT_AS_PUBLISHED: [i64; 2] = [-32601, -32602];

/// Connects to the server of a step, so that its timeout counts the call alone.
pub(super) async fn connect(here: &Here<'_>) -> Result<()> {
    let shared = &here.engine.shared;
    match here.site.meta.policy.mcp {
        Some(tool) if !shared.models.is_offline() && shared.scripts.is_none() => fitting(here, tool).await.map(drop),
        _ => Ok(()),
    }
}

/// Calls the tool of a step, once.
pub(super) async fn call(here: &Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let (step, input) = (here.site.meta, ops.input()?);
    let Some(tool) = step.policy.mcp else { return Err(Error::terminal("the step has no tool")) };
    if here.engine.shared.models.is_offline() {
        return fill(ops, made_up(step, &input));
    }
    let connected = fitting(here, tool).await?;
    let answer = match connected.connection.call(tool.tool, arguments(step, tool, input)).await {
        Ok(answer) => answer,
        Err(failure) => {
            if matches!(failure.kind, ServerFailureKind::Refused { code } if NOT_AS_PUBLISHED.contains(&code)) {
                // The tool may have changed without notice; what is different says more than the refusal.
                if let Err(Unserved::Unfit(text)) = here.engine.shared.servers.fitting(step, tool).await {
                    return Err(Error::new(ErrorKind::Setup, text));
                }
            }
            return Err(failed(here.engine, step, tool, failure));
        }
    };
    let read = match read(answer, step.output.shape) {
        Ok(output) => fill(ops, output),
        Err(Unfit::Failed(text)) => return Err(Error::terminal(format!("tool `{tool}` failed: {text}"))),
        Err(Unfit::NotJson(text)) => Err(Error::terminal(format!("cannot read the result of tool `{tool}`: {text}"))),
    };
    // The tool has answered, so a result that cannot be read does not mean that nothing happened.
    read.map_err(|error| match step.policy.effect {
        Effect::Irreversible => {
            let text = error.in_run().to_string();
            unknown_outcome(here.engine, &text).with_source(error)
        }
        _ => error,
    })
}

async fn fitting(here: &Here<'_>, tool: ServerTool) -> Result<Connected> {
    let step = here.site.meta;
    let connected = here.engine.shared.servers.fitting(step, tool).await;
    connected.map_err(|unserved| match unserved {
        Unserved::Down(failure) => failed(here.engine, step, tool, failure),
        Unserved::Unfit(text) => Error::new(ErrorKind::Setup, text),
    })
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
        kind if step.policy.effect == Effect::Irreversible && kind.may_have_run() => {
            return unknown_outcome(engine, &text).with_source(failure);
        }
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
