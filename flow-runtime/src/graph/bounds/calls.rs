//! How often one step may ask models, and how many tokens their answers may have.

use super::memo::{Memo, State};
use super::walk::walk;
use super::{Bounds, Measure, add, multiply, widen};
use crate::graph::{Kind, Meta};
use crate::provider::Model;

/// How far steps that serve steps are followed.
pub(super) const DEPTH: u32 = 8;

/// Questions to models, and the tokens of all their answers.
#[derive(Clone, Copy)]
pub(super) struct Questions {
    pub(super) calls: Option<u64>,
    pub(super) output_tokens: Option<u64>,
}

/// What a step is to the one it serves.
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
    /// How often it runs at most.
    pub(super) times: u64,
}

/// A single step; `model` where its call names one of its own.
pub(super) const fn step(meta: &'static Meta, model: &Option<Model>, memo: &mut Memo) -> Bounds {
    let Questions { calls, output_tokens } = questions(meta, model, DEPTH, memo);
    Bounds { max_steps: Some(1), max_model_calls: calls, max_output_tokens: output_tokens, max_parallel: Some(1) }
}

/// Questions to models for one step and all that serve it. `depth` ends gates that are judged by themselves.
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

/// What the step itself asks: attempts × (1 + repairs) over its models.
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

/// How many places for helpers a step has; not each is taken.
pub(super) const fn helpers(meta: &Meta) -> usize {
    meta.policy.gates.len() + 2
}

/// The helper at a place: gates in order, the fix, the fallback. A gate judges each answer, each mended one, and the fallback's.
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

/// Questions to models for a workflow that serves a step. One that is under way already would serve itself: nobody knows how often.
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

    /// One question.
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
