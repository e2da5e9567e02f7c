//! The worst case of a run, computed at compile time.
//!
//! Each workflow is walked once, no matter how often it is called; see [`Memo`].

mod calls;
mod circle;
mod left;
mod memo;
mod render;
mod sum;
mod terms;
mod walk;
mod way;
mod ways;

use super::{Graph, Meta};
use crate::contract::equal;
use memo::Memo;
pub(super) use render::{json, text};
pub(super) use terms::Terms;
use walk::walk;

/// The worst case of a run. `None` is unknown: a loop or map without a bound, a model without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Executed steps, without gates and fallbacks.
    pub max_steps: Option<u64>,
    /// Model calls: attempts × (1 + repairs) over the chain of models, plus gates and fixes that call models.
    pub max_model_calls: Option<u64>,
    /// Output tokens: each model call with the `max_output_tokens` of its model.
    pub max_output_tokens: Option<u64>,
    /// Steps running at once.
    pub max_parallel: Option<u64>,
}

/// A bound for which a workflow can set a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// `max_steps`
    Steps,
    /// `max_model_calls`
    ModelCalls,
    /// `max_output_tokens`
    OutputTokens,
}

impl Measure {
    /// All measures, in the order in which they are shown.
    pub(super) const ALL: [Self; 3] = [Self::Steps, Self::ModelCalls, Self::OutputTokens];

    /// The option of `#[workflow]` that limits it; also its field in [`Bounds`].
    pub(super) const fn option(self) -> &'static str {
        match self {
            Self::Steps => "max_steps",
            Self::ModelCalls => "max_model_calls",
            Self::OutputTokens => "max_output_tokens",
        }
    }

    pub(super) const fn unit(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::Steps, 1) => "step",
            (Self::Steps, _) => "steps",
            (Self::ModelCalls, 1) => "model call",
            (Self::ModelCalls, _) => "model calls",
            (Self::OutputTokens, 1) => "output token",
            (Self::OutputTokens, _) => "output tokens",
        }
    }

    pub(super) const fn of(self, bounds: Bounds) -> Option<u64> {
        match self {
            Self::Steps => bounds.max_steps,
            Self::ModelCalls => bounds.max_model_calls,
            Self::OutputTokens => bounds.max_output_tokens,
        }
    }

    /// The limit set on the workflow.
    pub(super) const fn limit(self, graph: &Graph) -> Option<u64> {
        match self {
            Self::Steps => graph.limits.steps,
            Self::ModelCalls => graph.limits.model_calls,
            Self::OutputTokens => graph.limits.output_tokens,
        }
    }
}

/// The bounds of a step or a workflow; unknown if there is a cycle.
pub(super) const fn of(meta: &'static Meta) -> Bounds {
    match unless_circle(meta) {
        Some(bounds) => bounds,
        None => Bounds::UNKNOWN,
    }
}

/// The bounds, or `None` if workflows call each other in a cycle somewhere below.
pub(super) const fn unless_circle(meta: &'static Meta) -> Option<Bounds> {
    walk(meta, &mut Memo::new(), false)
}

/// Fails the build with the cycle that leads back to `meta`. Each cycle is reported once, at the workflow whose name sorts first.
#[track_caller]
pub(super) const fn refuse_circles(meta: &'static Meta) {
    if let Some(graph) = meta.graph
        && calls_workflows(graph)
    {
        walk(meta, &mut Memo::new(), true);
    }
}

const fn calls_workflows(graph: &Graph) -> bool {
    let mut at = 0;
    while at < graph.nodes.len() {
        if graph.nodes[at].step.get().graph.is_some() {
            return true;
        }
        at += 1;
    }
    false
}

impl Bounds {
    const UNKNOWN: Self = Self { max_steps: None, max_model_calls: None, max_output_tokens: None, max_parallel: None };

    const ZERO: Self =
        Self { max_steps: Some(0), max_model_calls: Some(0), max_output_tokens: Some(0), max_parallel: Some(0) };

    const fn then(self, next: Self) -> Self {
        Self {
            max_steps: add(self.max_steps, next.max_steps),
            max_model_calls: add(self.max_model_calls, next.max_model_calls),
            max_output_tokens: add(self.max_output_tokens, next.max_output_tokens),
            max_parallel: max(self.max_parallel, next.max_parallel),
        }
    }

    const fn or(self, other: Self) -> Self {
        Self {
            max_steps: max(self.max_steps, other.max_steps),
            max_model_calls: max(self.max_model_calls, other.max_model_calls),
            max_output_tokens: max(self.max_output_tokens, other.max_output_tokens),
            max_parallel: max(self.max_parallel, other.max_parallel),
        }
    }

    const fn beside(self, other: Self) -> Self {
        Self { max_parallel: add(self.max_parallel, other.max_parallel), ..self.then(other) }
    }

    const fn times(self, turns: Option<u64>) -> Self {
        Self {
            max_steps: multiply(self.max_steps, turns),
            max_model_calls: multiply(self.max_model_calls, turns),
            max_output_tokens: multiply(self.max_output_tokens, turns),
            max_parallel: self.max_parallel,
        }
    }

    const fn each(self, items: Option<u64>, at_once: u64) -> Self {
        let width = match items {
            Some(items) if items < at_once => items,
            _ => at_once,
        };
        Self { max_parallel: multiply(self.max_parallel, Some(width)), ..self.times(items) }
    }
}

/// Two definitions cannot have the same name, module and line.
pub(super) const fn same(a: &Meta, b: &Meta) -> bool {
    a.line == b.line && equal(a.name, b.name) && equal(a.module, b.module)
}

const fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b),
        _ => None,
    }
}

const fn max(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a > b { a } else { b }),
        _ => None,
    }
}

/// Zero stays zero, even if the other factor is unknown.
const fn multiply(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(0), _) | (_, Some(0)) => Some(0),
        (Some(a), Some(b)) => a.checked_mul(b),
        _ => None,
    }
}

const fn widen(bound: Option<u32>) -> Option<u64> {
    match bound {
        Some(bound) => Some(bound as u64),
        None => None,
    }
}

const fn plus_one(times: Option<u64>) -> Option<u64> {
    add(times, Some(1))
}

const fn minus_one(times: Option<u64>) -> Option<u64> {
    match times {
        Some(times) => Some(times.saturating_sub(1)),
        None => None,
    }
}

#[cfg(test)]
mod tests;
