//! What a test says in place of bodies, models and people.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

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

type Answerer = Arc<dyn Fn(Value) -> Result<Value> + Send + Sync>;

enum Script {
    /// The same each time.
    Always(Value),
    /// One after the other.
    Queue(VecDeque<Result<Value>>),
    /// Computed from the arguments.
    With(Answerer),
    /// Never.
    Never,
}

/// What the test says for one attempt.
pub(super) enum Reply {
    Says(Result<Value>),
    /// It is asked and does not answer.
    Never,
    /// The test says nothing of this step.
    Silent,
}

impl Scripts {
    pub(super) fn always(&mut self, meta: &'static Meta, value: Value) {
        self.set(meta, Script::Always(value));
    }

    pub(super) fn queue(&mut self, meta: &'static Meta, values: Vec<Result<Value>>) {
        self.set(meta, Script::Queue(values.into()));
    }

    pub(super) fn with(&mut self, meta: &'static Meta, answer: Answerer) {
        self.set(meta, Script::With(answer));
    }

    pub(super) fn never(&mut self, meta: &'static Meta) {
        self.set(meta, Script::Never);
    }

    /// Whether the test says anything of a step.
    pub(super) fn tell(&self, meta: &'static Meta) -> bool {
        self.generate || lock(&self.steps).contains_key(&key(meta))
    }

    pub(super) fn generate(&mut self) {
        self.generate = true;
    }

    pub(super) fn generates(&self) -> bool {
        self.generate
    }

    /// Whether another answer follows for a step.
    pub(super) fn has_next(&self, meta: &'static Meta) -> bool {
        matches!(lock(&self.steps).get(&key(meta)), Some(Script::Queue(values)) if !values.is_empty())
    }

    fn set(&mut self, meta: &'static Meta, script: Script) {
        lock(&self.steps).insert(key(meta), script);
    }

    pub(super) fn reply(&self, meta: &'static Meta, ops: &dyn Ops) -> Reply {
        // The user's closure runs after the lock is given back: it may run steps that are scripted too.
        let answer = match lock(&self.steps).get_mut(&key(meta)) {
            None => return Reply::Silent,
            Some(Script::Always(value)) => return Reply::Says(Ok(value.clone())),
            Some(Script::Queue(values)) => {
                return Reply::Says(values.pop_front().unwrap_or_else(|| Err(used_up(meta.name))));
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
    Error::new(ErrorKind::Setup, format!("the test's answers for step `{step}` are used up; it was asked once more"))
}
