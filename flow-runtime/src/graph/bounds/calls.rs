//! The model calls of one step: its own, and the helper steps that may make more.

use super::cost::{Bounds, add, multiply, widen};
use super::measure::Measure;
use crate::graph::{Kind, Meta};
use crate::provider::Model;

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
    Tool,
}

/// A step that serves another one.
#[derive(Clone, Copy)]
pub(super) struct Helper {
    pub(super) role: Role,
    pub(super) step: &'static Meta,
    /// The maximum number of executions.
    pub(super) times: u64,
}

/// The model calls of the step itself: attempts × (1 + repairs) × turns over its models.
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
    let questions = multiply(Some(rounds(meta)), Some(turns(meta)));
    once.times(multiply(Some(meta.policy.retry.max_attempts as u64), questions))
}

/// The model calls that one question may take.
const fn turns(meta: &Meta) -> u64 {
    match meta.policy.tools {
        Some(tools) => tools.max_turns as u64,
        None => 1,
    }
}

/// The number of tool calls that a step may make.
pub(super) const fn tool_calls(meta: &Meta) -> u64 {
    match meta.policy.tools {
        Some(tools) => tools.calls() as u64,
        None => 0,
    }
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

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Fix => "fix",
            Self::Fallback => "fallback",
            Self::Tool => "tool",
        }
    }
}

impl Questions {
    const NONE: Self = Self { calls: Some(0), output_tokens: Some(0) };

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

    pub(super) const fn plus(self, other: Self) -> Self {
        Self { calls: add(self.calls, other.calls), output_tokens: add(self.output_tokens, other.output_tokens) }
    }

    pub(super) const fn times(self, times: Option<u64>) -> Self {
        Self { calls: multiply(self.calls, times), output_tokens: multiply(self.output_tokens, times) }
    }
}

impl Bounds {
    pub(super) const fn questions(self) -> Questions {
        Questions { calls: self.max_model_calls, output_tokens: self.max_output_tokens }
    }
}
