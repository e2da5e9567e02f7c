//! The tools of a model step.

pub(super) mod check;

use serde_json::Value;

use super::schema::object;
use super::{Argument, Meta, MetaPtr, State};
use crate::contract::{Direction, equal};

/// The tools that a model step may call, and how often.
#[derive(Debug)]
pub struct Tools {
    /// The tools, in the order in which the model sees them.
    pub tools: &'static [Tool],
    /// The maximum number of model calls that answer one question, repairs counted separately.
    pub max_turns: u32,
    /// The maximum number of tool calls of the step; `None` is 8 for each turn.
    pub max_tool_calls: Option<u32>,
    /// What happens when a tool fails.
    pub on_error: OnToolError,
}

/// The number of tool calls for each turn, unless the step sets a limit.
const CALLS_PER_TURN: u32 = 8;

/// The node of the model calls of a conversation: `resolve/turn[2]/find_order`.
pub(crate) const TURN: &str = "turn";

/// What happens when a tool fails, after its own retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnToolError {
    /// The model is told, and goes on.
    Tell,
    /// The model step fails.
    Fail,
}

/// One tool: a step or workflow that the model may call.
#[derive(Debug)]
pub struct Tool {
    /// The step or workflow.
    pub step: MetaPtr,
    /// The states that it takes from the runtime.
    pub states: &'static [State],
    /// Its name for the model, instead of its id.
    pub id: Option<&'static str>,
    /// The arguments that the model step passes and the model does not see.
    pub bound: &'static [Bound],
}

/// An argument of a tool that the model step passes.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The argument of the tool.
    pub argument: &'static str,
    /// Where its value comes from: an argument of the model step, then field names.
    pub path: &'static [&'static str],
}

impl Tools {
    /// Returns the maximum number of tool calls of the step.
    pub const fn calls(&self) -> u32 {
        match self.max_tool_calls {
            Some(most) => most,
            None => self.max_turns.saturating_mul(CALLS_PER_TURN),
        }
    }

    /// Returns the tool that the model calls by this name.
    pub fn find(&self, name: &str) -> Option<&'static Tool> {
        self.tools.iter().find(|tool| tool.id() == name)
    }
}

impl Tool {
    /// Returns its name for the model.
    pub const fn id(&self) -> &'static str {
        match self.id {
            Some(id) => id,
            None => self.step.get().id,
        }
    }

    /// Returns the arguments that the model chooses.
    pub fn arguments(&self) -> impl Iterator<Item = &'static Argument> {
        let meta: &'static Meta = self.step.get();
        meta.arguments.iter().filter(|argument| !self.binds(argument.name))
    }

    /// Returns the JSON Schema of the object of arguments that the model chooses.
    pub fn schema(&self) -> Value {
        object(self.arguments(), Direction::Read)
    }

    /// Returns whether the model step passes this argument.
    pub const fn binds(&self, argument: &str) -> bool {
        let mut at = 0;
        while at < self.bound.len() {
            if equal(self.bound[at].argument, argument) {
                return true;
            }
            at += 1;
        }
        false
    }
}
