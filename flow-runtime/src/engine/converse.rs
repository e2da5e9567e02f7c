//! Conversations with tools: the turns of a model step, and the calls in them.

use std::collections::HashMap;

use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::here::Here;
use crate::call::{Cx, ToolCall, ToolOutput};
use crate::contract::{too_deep, with_integers};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{OnToolError, Tool, Tools};
use crate::place::{NodeId, Place, TURN};
use crate::prompt::{Content, Part, Prompt, Role};
use crate::provider::ToolChoice;
use crate::run::{Record, RunState, StepEnd};

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
    // If a later turn is recorded, every call of this one is settled.
    let is_settled = !here.past.attempts.is_empty();
    let (mut ordinals, mut work) = (HashMap::new(), Vec::with_capacity(asked.len()));
    for asked in asked {
        let ordinal = ordinals.entry(asked.name.clone()).or_insert(0);
        *ordinal += 1;
        let known = Known::at(here, &turn, &asked.name, *ordinal);
        let call = match talk.may_call() {
            true => prepare(talk, calls, &input, &asked),
            false => Err(format!("the limit of {} tool calls is reached: answer without another one", most(talk))),
        };
        let call = match call {
            Ok(call) if is_settled && !known.was_made && call.tool.step.get().graph.is_none() => {
                Err("the call was refused".to_owned())
            }
            Ok(call) => Ok((NodeId { id: call.tool.id(), ordinal: *ordinal }, call)),
            Err(wrong) => Err(wrong),
        };
        if call.is_err() {
            known.withdraw(here);
        }
        work.push(result(call, known, &turn, asked.id));
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
type Outcome = Result<ToolOutput, Refused>;

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

/// What is recorded of a call, perhaps by another build, for which it was another call.
struct Known {
    place: Option<Place>,
    was_made: bool,
    end: Option<StepEnd>,
}

impl Known {
    fn at(here: &Here<'_>, turn: &Cx<'_>, name: &str, ordinal: u32) -> Self {
        let none = Self { place: None, was_made: false, end: None };
        // A name that no tool has may read as the place of another call: `refund.2`.
        let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
        if !is_name || !here.engine.host.is_durable() {
            return none;
        }
        let number = if ordinal > 1 { format!(".{ordinal}") } else { String::new() };
        let place = Place::of(format!("{}/{name}{number}", turn.place().as_str()));
        let step = here.engine.host.look(|state| state.at(&place).map(|step| step.end.clone())).flatten();
        Self { place: Some(place), was_made: step.is_some(), end: step.flatten() }
    }

    /// Withdraws the waits of a call that this build does not make.
    fn withdraw(&self, here: &Here<'_>) {
        let Some(place) = &self.place else { return };
        let open = |state: &RunState| -> Vec<Place> {
            let within = state.open().filter(|(open, _)| open.is_within(place));
            within.map(|(open, _)| open.clone()).collect()
        };
        for place in here.engine.host.look(open).unwrap_or_default() {
            here.record(Record::StepCancelled { run: here.run(), place, at: here.engine.now() });
        }
    }

    /// The result as it was recorded, so that the conversation goes on with what the model was told.
    fn outcome(self, otherwise: String) -> Outcome {
        match self.end {
            Some(StepEnd::Finished(output, ..)) => Ok(ToolOutput::recorded(output)),
            Some(StepEnd::Failed(failure, ..)) => Err(Refused::Failed((*failure).into())),
            None => Err(Refused::Wrong(otherwise)),
        }
    }
}

/// Makes one call, unless it is refused.
async fn result(
    call: Result<(NodeId, Prepared), String>,
    known: Known,
    turn: &Cx<'_>,
    id: String,
) -> (String, Outcome) {
    let outcome = match call {
        Ok((node, call)) => match (call.call)(call.arguments, turn, node).await {
            Ok(output) => Ok(output),
            // The arguments break the contract, so nothing was started.
            Err(error) if error.at().is_none() => known.outcome(error.message().to_string()),
            Err(error) => Err(Refused::Failed(error)),
        },
        Err(wrong) => known.outcome(wrong),
    };
    (id, outcome)
}

/// What the model is told of a call.
fn told(id: String, outcome: Outcome, fails: bool) -> Result<Part> {
    match outcome {
        Ok(output) => Ok(Part::tool_result(id, output.into_content())),
        Err(Refused::Wrong(text)) => Ok(Part::tool_error(id, text)),
        Err(Refused::Failed(error)) if fails || !error.kind().is_of_step() => Err(error),
        Err(Refused::Failed(error)) => Ok(Part::tool_error(id, text(&error))),
    }
}

/// The message of a failure without its sources, which may hold what a model is not meant to read.
fn text(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Rejected { reasons, .. } => format!("rejected: {}", reasons.join("; ")),
        _ => error.message().to_string(),
    }
}
