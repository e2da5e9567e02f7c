//! The tools of a model step.

pub(super) mod check;

use serde_json::Value;

use super::schema::object;
use super::{Argument, Effect, Kind, Meta, Tool, Tools};
use crate::contract::{Direction, equal};

/// The number of tool calls for each turn, unless the step sets a limit.
const CALLS_PER_TURN: u32 = 8;

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

    /// Returns whether nothing that it runs has an effect, asks a person or waits.
    pub(crate) fn is_harmless(&self) -> bool {
        let is_harmless = |part: &&Meta| {
            part.policy.effect == Effect::None
                && matches!(part.kind, Kind::Code | Kind::Model | Kind::Mcp | Kind::Workflow)
        };
        self.step.get().reachable().iter().all(is_harmless)
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
