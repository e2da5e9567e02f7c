//! How many model calls one step may make, and how many tokens their answers may have.

use super::memo::{Memo, State};
use super::walk::walk;
use super::{Bounds, Measure, add, multiply, widen};
use crate::graph::{Kind, Meta};
use crate::provider::Model;

/// Maximum depth of helper steps that are followed.
pub(super) const DEPTH: u32 = 8;

/// Model calls, and the output tokens of all of them.
#[derive(Clone, Copy)]
pub(super) struct Questions {
    pub(super) calls: Option<u64>,
    pub(super) output_tokens: Option<u64>,
}

/// The role of a helper step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Gate,
    Fix,
    Fallback,
}

/// A step that serves another one.
#[derive(Clone, Copy)]
pub(super) struct Helper {
    pub(super) role: Role,
    pub(super) step: &'static Meta,
    /// The maximum number of executions.
    pub(super) times: u64,
}

/// A single step. `model` is the model set on the call, if any.
pub(super) const fn step(meta: &'static Meta, model: &Option<Model>, memo: &mut Memo) -> Bounds {
    let Questions { calls, output_tokens } = questions(meta, model, DEPTH, memo);
    Bounds { max_steps: Some(1), max_model_calls: calls, max_output_tokens: output_tokens, max_parallel: Some(1) }
}

/// The model calls of one step and its helpers. `depth` stops recursion through gates that judge themselves.
pub(super) const fn questions(meta: &'static Meta, model: &Option<Model>, depth: u32, memo: &mut Memo) -> Questions {
    if depth == 0 {
        return Questions::UNKNOWN;
    }
    if meta.graph.is_some() {
        return of_workflow(meta, memo);
    }
    let mut total = own(meta, model);
    let mut at = 0;
    while at < helpers(meta) {
        if let Some(Helper { step, times, .. }) = helper(meta, at) {
            total = total.plus(questions(step, &None, depth - 1, memo).times(Some(times)));
        }
        at += 1;
    }
    total
}

/// The model calls of the step itself: attempts × (1 + repairs) over its models.
pub(super) const fn own(meta: &Meta, model: &Option<Model>) -> Questions {
    let once = match model {
        Some(model) => Questions::one(model),
        None => {
            let (mut chain, mut at) = (Questions::NONE, 0);
            while at < meta.policy.models.len() {
                chain = chain.plus(Questions::one(&meta.policy.models[at]));
                at += 1;
            }
            chain
        }
    };
    once.times(multiply(Some(meta.policy.retry.max_attempts as u64), Some(rounds(meta))))
}

const fn rounds(meta: &Meta) -> u64 {
    1 + meta.policy.repair as u64
}

/// The number of helper positions of a step; some may be empty.
pub(super) const fn helpers(meta: &Meta) -> usize {
    meta.policy.gates.len() + 2
}

/// The helper at a position: the gates in order, then the fix, then the fallback. A gate judges each answer, each fixed output,
/// and the output of the fallback.
pub(super) const fn helper(meta: &Meta, at: usize) -> Option<Helper> {
    let policy = &meta.policy;
    if at < policy.gates.len() {
        let Some(judge) = policy.gates[at].step else { return None };
        let answers = match meta.kind {
            Kind::Model => rounds(meta),
            _ => 1,
        };
        let mended = match policy.fix {
            Some((_, times)) => times as u64,
            None => 0,
        };
        let times = answers + mended + policy.fallback.is_some() as u64;
        return Some(Helper { role: Role::Gate, step: judge.get(), times });
    }
    if at == policy.gates.len() {
        let Some((fix, times)) = policy.fix else { return None };
        return Some(Helper { role: Role::Fix, step: fix.get(), times: times as u64 });
    }
    let Some(fallback) = policy.fallback else { return None };
    Some(Helper { role: Role::Fallback, step: fallback.get(), times: 1 })
}

/// The model calls of a workflow that serves a step. If that workflow is being walked already, it serves itself, so the number is
/// unknown.
const fn of_workflow(meta: &'static Meta, memo: &mut Memo) -> Questions {
    match memo.state(meta) {
        State::Known(bounds) => bounds.questions(),
        State::UnderWay => Questions::UNKNOWN,
        State::New => {
            let before = memo.len();
            match walk(meta, memo, false) {
                Some(bounds) => bounds.questions(),
                None => {
                    memo.forget_after(before);
                    Questions::UNKNOWN
                }
            }
        }
    }
}

impl Questions {
    const NONE: Self = Self { calls: Some(0), output_tokens: Some(0) };
    const UNKNOWN: Self = Self { calls: None, output_tokens: None };

    const fn one(model: &Model) -> Self {
        let output_tokens = widen(model.get_max_output_tokens());
        Self { calls: Some(1), output_tokens }
    }

    pub(super) const fn of(self, measure: Measure) -> Option<u64> {
        match measure {
            Measure::Steps => Some(0),
            Measure::ModelCalls => self.calls,
            Measure::OutputTokens => self.output_tokens,
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self { calls: add(self.calls, other.calls), output_tokens: add(self.output_tokens, other.output_tokens) }
    }

    const fn times(self, times: Option<u64>) -> Self {
        Self { calls: multiply(self.calls, times), output_tokens: multiply(self.output_tokens, times) }
    }
}

impl Bounds {
    const fn questions(self) -> Questions {
        Questions { calls: self.max_model_calls, output_tokens: self.max_output_tokens }
    }
}
