//! Scripted conversations of tests.

use serde::Serialize;
use serde_json::Value;

use super::script;
use crate::call::StepFn;
use crate::contract::encode;
use crate::graph::{Meta, MetaPtr};

/// One turn of a scripted conversation with a model step that returns a `T`; see [`TestRuntime::turns`](super::TestRuntime::turns).
#[derive(Debug)]
#[must_use = "a turn is part of a script"]
pub struct Turn<T>(Say<T>);

#[derive(Debug)]
enum Say<T> {
    Calls(Vec<(Name, Value)>),
    Answer(T),
    Json(Value),
}

#[derive(Debug)]
enum Name {
    Of(MetaPtr),
    Is(String),
}

/// A turn in which the model calls a tool.
pub fn call<A, F: StepFn<A>, T>(tool: F, arguments: Value) -> Turn<T> {
    let _ = tool;
    Turn(Say::Calls(vec![(Name::Of(F::META), arguments)]))
}

/// A turn in which the model calls a tool by a name, which may be one that the step does not have.
pub fn call_named<T>(tool: impl Into<String>, arguments: Value) -> Turn<T> {
    Turn(Say::Calls(vec![(Name::Is(tool.into()), arguments)]))
}

/// A turn in which the model makes several calls at once.
pub fn calls<T>(turns: impl IntoIterator<Item = Turn<T>>) -> Turn<T> {
    let made = |turn: Turn<T>| match turn.0 {
        Say::Calls(calls) => calls,
        Say::Answer(_) | Say::Json(_) => Vec::new(),
    };
    Turn(Say::Calls(turns.into_iter().flat_map(made).collect()))
}

/// The turn in which the model answers.
pub fn answer<T>(output: T) -> Turn<T> {
    Turn(Say::Answer(output))
}

/// A turn in which the model answers with JSON that may break the contract.
pub fn answer_json<T>(output: Value) -> Turn<T> {
    Turn(Say::Json(output))
}

impl<T: Serialize> Turn<T> {
    /// The turn as the script of a step.
    ///
    /// # Panics
    ///
    /// Panics if the output cannot be serialised.
    #[track_caller]
    pub(super) fn of(self, step: &Meta) -> script::Turn {
        match self.0 {
            Say::Calls(calls) => {
                let named = |(name, arguments): (Name, Value)| (name.text(step), arguments);
                script::Turn::Calls(script::Calls(calls.into_iter().map(named).collect()))
            }
            Say::Json(output) => script::Turn::Answer(output),
            Say::Answer(output) => match encode(&output) {
                Ok(output) => script::Turn::Answer(output),
                Err(error) => panic!("the scripted output cannot be written as JSON: {error}"),
            },
        }
    }
}

impl Name {
    /// The name by which the model of a step knows the tool.
    fn text(self, step: &Meta) -> String {
        match self {
            Self::Is(name) => name,
            Self::Of(tool) => {
                let tools = step.policy.tools.into_iter().flat_map(|tools| tools.tools);
                let own = tools.into_iter().find(|own| std::ptr::eq(own.step.get(), tool.get()));
                own.map_or(tool.get().id, |own| own.id()).to_owned()
            }
        }
    }
}
