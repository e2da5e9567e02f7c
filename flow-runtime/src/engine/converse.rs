//! Conversations with tools: the turns of a model step, and the calls in them.

use std::collections::HashMap;

use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::here::Here;
use crate::call::{Cx, ToolCall};
use crate::contract::{too_deep, with_integers};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{OnToolError, TURN, Tool, Tools};
use crate::place::{NodeId, Place};
use crate::prompt::{Content, Part, Prompt, Role};
use crate::provider::ToolChoice;
use crate::run::StepEnd;

/// How far a conversation is.
pub(super) struct Talk {
    tools: Option<&'static Tools>,
    /// The model calls answered so far, over all questions.
    turns: u32,
    /// The turns that are left for the current question, the last of which has to answer it.
    left: u32,
    /// The tool calls made so far.
    calls: u32,
    /// The model of the chain that speaks.
    pub(super) model: usize,
}

/// A call as the model wrote it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The provider's id of the call.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: Value,
}

impl Talk {
    pub(super) fn new(tools: Option<&'static Tools>) -> Self {
        Self { tools, turns: 0, left: turns(tools), calls: 0, model: 0 }
    }

    pub(super) fn tools(&self) -> &'static [Tool] {
        self.tools.map_or(&[], |tools| tools.tools)
    }

    pub(super) fn has_tools(&self) -> bool {
        self.tools.is_some()
    }

    /// Whether this is the turn that has to answer the question.
    pub(super) fn is_last(&self) -> bool {
        self.left <= 1
    }

    pub(super) fn choice(&self) -> ToolChoice {
        if self.is_last() { ToolChoice::None } else { ToolChoice::Auto }
    }

    /// The number of the current turn, from 1; `None` without tools.
    pub(super) fn turn(&self) -> Option<u32> {
        self.tools.map(|_| self.turns + 1)
    }

    /// A turn was answered.
    pub(super) fn took_turn(&mut self) {
        self.turns += 1;
        self.left = self.left.saturating_sub(1);
    }

    /// The answer was rejected, so the model is asked once more.
    pub(super) fn ask_again(&mut self) {
        self.left = turns(self.tools);
    }

    /// Whether another call is within the limit.
    fn may_call(&mut self) -> bool {
        let most = self.tools.map_or(0, Tools::calls);
        self.calls = self.calls.saturating_add(1);
        self.calls <= most
    }
}

fn turns(tools: Option<&'static Tools>) -> u32 {
    tools.map_or(1, |tools| tools.max_turns)
}

/// Makes the calls of a turn, all at once, and returns the conversation with the results in the order of the calls.
///
/// # Errors
///
/// Fails if a tool fails and the step says that this fails it, too, or for a reason that is not the tool's.
pub(super) async fn go_on(
    here: &Here<'_>,
    (input, calls): (Value, &'static [Option<ToolCall>]),
    talk: &mut Talk,
    conversation: Prompt,
    (content, asked): (Content, Vec<Asked>),
) -> Result<Prompt> {
    let turn = here.site.cx.nth(NodeId::first(TURN), talk.turns);
    let (mut ordinals, mut work) = (HashMap::new(), Vec::with_capacity(asked.len()));
    for asked in asked {
        let ordinal = ordinals.entry(asked.name.clone()).or_insert(0);
        *ordinal += 1;
        let call = match talk.may_call() {
            true => prepare(talk, calls, &input, &asked),
            false => Err(format!("the limit of {} tool calls is reached: answer without another one", most(talk))),
        };
        let call = match call {
            Ok(call) => Ok((NodeId { id: call.tool.id(), ordinal: *ordinal }, call)),
            Err(wrong) => Err(recorded(here, &turn, &asked.name, *ordinal).await.unwrap_or(Err(Refused::Wrong(wrong)))),
        };
        work.push(result(call, &turn, asked.id));
    }
    let results = {
        // The step itself is inactive, so that a run whose tools wait for people can leave memory.
        let _rests = here.rest();
        join_all(work).await
    };
    let fails = talk.tools.is_some_and(|tools| tools.on_error == OnToolError::Fail);
    let parts = results.into_iter().map(|(id, outcome)| told(id, outcome, fails)).collect::<Result<Content>>()?;
    Ok(conversation.with(Role::Assistant, content).with(Role::User, parts))
}

fn most(talk: &Talk) -> u32 {
    talk.tools.map_or(0, Tools::calls)
}

/// A call that can be made.
#[derive(Clone)]
struct Prepared {
    tool: &'static Tool,
    call: ToolCall,
    arguments: Value,
}

/// What came of a call.
type Outcome = Result<Value, Refused>;

/// Why a call gave no result.
enum Refused {
    /// The call itself is wrong, so nothing was started.
    Wrong(String),
    Failed(Error),
}

/// Finds the tool, and adds the arguments that the step passes.
fn prepare(talk: &Talk, calls: &[Option<ToolCall>], input: &Value, asked: &Asked) -> Result<Prepared, String> {
    let tools = talk.tools();
    let Some((tool, Some(call))) = tools.iter().zip(calls).find(|(tool, _)| tool.id() == asked.name) else {
        let names: Vec<_> = tools.iter().map(|tool| format!("`{}`", tool.id())).collect();
        return Err(format!("there is no tool `{}`; the tools are {}", asked.name, names.join(", ")));
    };
    if let Some(violation) = too_deep(&asked.arguments) {
        return Err(violation.to_string());
    }
    let mut arguments = match &asked.arguments {
        Value::Object(arguments) => arguments.clone(),
        Value::Null => Map::new(),
        other => return Err(format!("the arguments must be a JSON object, but they are: {other}")),
    };
    for argument in tool.arguments() {
        if let Some(value) = arguments.get_mut(argument.name) {
            *value = with_integers(argument.contract.shape, value.take());
        }
    }
    for bound in tool.bound {
        let value = bound.path.iter().try_fold(input, |value, name| value.get(*name));
        arguments.insert(bound.argument.to_owned(), value.cloned().unwrap_or_default());
    }
    Ok(Prepared { tool, call: *call, arguments: arguments.into() })
}

/// The result of a call that an earlier build has made: the conversation goes on with what the model was told.
async fn recorded(here: &Here<'_>, turn: &Cx<'_>, name: &str, ordinal: u32) -> Option<Outcome> {
    let ordinal = if ordinal > 1 { format!(".{ordinal}") } else { String::new() };
    let place = Place::of(format!("{}/{name}{ordinal}", turn.place().as_str()));
    match here.engine.host.past(&place, false).await?.end? {
        StepEnd::Finished(output, ..) => Some(Ok(output)),
        StepEnd::Failed(failure, ..) => Some(Err(Refused::Failed((*failure).into()))),
    }
}

/// Makes one call, unless its result is known already.
async fn result(call: Result<(NodeId, Prepared), Outcome>, turn: &Cx<'_>, id: String) -> (String, Outcome) {
    let outcome = match call {
        Ok((node, call)) => (call.call)(call.arguments, turn, node).await.map_err(Refused::Failed),
        Err(known) => known,
    };
    (id, outcome)
}

/// What the model is told of a call.
fn told(id: String, outcome: Outcome, fails: bool) -> Result<Part> {
    match outcome {
        Ok(Value::String(text)) => Ok(Part::tool_result(id, text)),
        Ok(output) => Ok(Part::tool_result(id, output.to_string())),
        Err(Refused::Wrong(text)) => Ok(Part::tool_error(id, text)),
        Err(Refused::Failed(error)) if fails || !is_of_tool(&error) => Err(error),
        Err(Refused::Failed(error)) => Ok(Part::tool_error(id, text(&error))),
    }
}

/// Whether a failure is the tool's own, which the model can do something about.
fn is_of_tool(error: &Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::Setup | ErrorKind::UnknownOutcome | ErrorKind::Cancelled | ErrorKind::Diverged | ErrorKind::Journal
    )
}

/// The message of a failure without its sources, which may hold what a model is not meant to read.
fn text(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Rejected { reasons, .. } => format!("rejected: {}", reasons.join("; ")),
        _ => error.message().to_string(),
    }
}
