//! Scripted answers of tests, in place of bodies, models and people.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::mutex::lock;
use crate::call::Ops;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::prompt::{Content, Part};

/// The scripts of a test, by step.
#[derive(Default)]
pub(super) struct Scripts {
    steps: Mutex<HashMap<usize, Script>>,
    generate: bool,
}

type Answerer = Arc<dyn Fn(Value) -> Result<Value> + Send + Sync>;

enum Script {
    /// The same answer each time.
    Always(Value),
    /// One answer after another.
    Queue(VecDeque<Result<Value>>),
    /// An answer computed from the arguments.
    With(Answerer),
    /// The turns of a conversation.
    Turns(VecDeque<Turn>),
    /// No answer, ever.
    Never,
}

/// One turn of a scripted conversation.
pub(super) enum Turn {
    Calls(Calls),
    Answer(Value),
}

/// Tool calls of one turn: names and arguments.
#[derive(Clone)]
pub(super) struct Calls(pub(super) Vec<(String, Value)>);

impl Calls {
    /// The calls as a model's reply; `attempt` makes their ids unique.
    pub(super) fn content(self, attempt: u32) -> Content {
        let call = |(at, (name, arguments)): (usize, (String, Value))| {
            Part::tool_call(format!("call_{attempt}_{}", at + 1), name, arguments)
        };
        self.0.into_iter().enumerate().map(call).collect()
    }
}

/// The script's reply to one attempt.
pub(super) enum Reply {
    Says(Result<Value>),
    /// Calls of tools.
    Calls(Calls),
    /// The step is scripted never to be answered.
    Never,
    /// The step has no script.
    Silent,
}

impl Scripts {
    pub(super) fn always(&mut self, meta: &'static Meta, value: Value) {
        self.set(meta, Script::Always(value));
    }

    pub(super) fn queue(&mut self, meta: &'static Meta, values: Vec<Result<Value>>) {
        self.set(meta, Script::Queue(values.into()));
    }

    pub(super) fn turns(&mut self, meta: &'static Meta, turns: Vec<Turn>) {
        self.set(meta, Script::Turns(turns.into()));
    }

    pub(super) fn with(&mut self, meta: &'static Meta, answer: Answerer) {
        self.set(meta, Script::With(answer));
    }

    pub(super) fn never(&mut self, meta: &'static Meta) {
        self.set(meta, Script::Never);
    }

    /// Returns whether a step is scripted.
    pub(super) fn tell(&self, meta: &'static Meta) -> bool {
        self.generate || lock(&self.steps).contains_key(&key(meta))
    }

    pub(super) fn generate(&mut self) {
        self.generate = true;
    }

    pub(super) fn generates(&self) -> bool {
        self.generate
    }

    /// Returns whether another scripted answer follows for a step.
    pub(super) fn has_next(&self, meta: &'static Meta) -> bool {
        matches!(lock(&self.steps).get(&key(meta)), Some(Script::Queue(values)) if !values.is_empty())
    }

    fn set(&mut self, meta: &'static Meta, script: Script) {
        lock(&self.steps).insert(key(meta), script);
    }

    pub(super) fn reply(&self, meta: &'static Meta, ops: &dyn Ops) -> Reply {
        // The user's closure runs without the lock, since it may run other scripted steps.
        let answer = match lock(&self.steps).get_mut(&key(meta)) {
            None => return Reply::Silent,
            Some(Script::Always(value)) => return Reply::Says(Ok(value.clone())),
            Some(Script::Queue(values)) => {
                return Reply::Says(values.pop_front().unwrap_or_else(|| Err(used_up(meta.name))));
            }
            Some(Script::Turns(turns)) => {
                return match turns.pop_front() {
                    Some(Turn::Answer(value)) => Reply::Says(Ok(value)),
                    Some(Turn::Calls(calls)) => Reply::Calls(calls),
                    None => Reply::Says(Err(used_up(meta.name))),
                };
            }
            Some(Script::Never) => return Reply::Never,
            Some(Script::With(answer)) => answer.clone(),
        };
        Reply::Says(ops.input().and_then(|input| answer(input)))
    }
}

fn key(meta: &'static Meta) -> usize {
    std::ptr::from_ref(meta) as usize
}

fn used_up(step: &str) -> Error {
    Error::new(ErrorKind::Setup, format!("the test has no more answers for step `{step}`, which was called once more"))
}
