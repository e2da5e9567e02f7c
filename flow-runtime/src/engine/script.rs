//! What a test says in place of bodies, models and people.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;

use super::lock;
use crate::call::Ops;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;

/// The answers of a test, by step.
#[derive(Default)]
pub(super) struct Scripts {
    steps: Mutex<HashMap<usize, Script>>,
    generate: bool,
}

type Answerer = Box<dyn Fn(Value) -> Result<Value> + Send>;

enum Script {
    /// The same each time.
    Always(Value),
    /// One after the other.
    Queue(std::collections::VecDeque<Value>),
    /// Computed from the arguments.
    With(Answerer),
}

/// What the test says for one attempt.
pub(super) enum Reply {
    Says(Result<Value>),
    Silent,
}

impl Scripts {
    pub(super) fn always(&mut self, meta: &'static Meta, value: Value) {
        self.set(meta, Script::Always(value));
    }

    pub(super) fn queue(&mut self, meta: &'static Meta, values: Vec<Value>) {
        self.set(meta, Script::Queue(values.into()));
    }

    pub(super) fn with(&mut self, meta: &'static Meta, answer: Answerer) {
        self.set(meta, Script::With(answer));
    }

    pub(super) fn generate(&mut self) {
        self.generate = true;
    }

    pub(super) fn generates(&self) -> bool {
        self.generate
    }

    fn set(&mut self, meta: &'static Meta, script: Script) {
        lock(&self.steps).insert(key(meta), script);
    }

    pub(super) fn reply(&self, meta: &'static Meta, ops: &dyn Ops) -> Reply {
        let mut steps = lock(&self.steps);
        match steps.get_mut(&key(meta)) {
            None => Reply::Silent,
            Some(Script::Always(value)) => Reply::Says(Ok(value.clone())),
            Some(Script::Queue(values)) => Reply::Says(values.pop_front().ok_or_else(|| used_up(meta.name))),
            Some(Script::With(answer)) => Reply::Says(ops.input().and_then(answer)),
        }
    }
}

fn key(meta: &'static Meta) -> usize {
    std::ptr::from_ref(meta) as usize
}

fn used_up(step: &str) -> Error {
    Error::new(ErrorKind::Setup, format!("the test's answers for step `{step}` are used up; it was asked once more"))
}
