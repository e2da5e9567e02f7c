//! The cost of a part of a workflow, and of parts together.

/// The worst case of a run. `None` is unknown: a loop or map without a bound, a model without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Executed steps, without gates and fallbacks. A model step with tools counts `max_tool_calls` times the largest tool.
    pub max_steps: Option<u64>,
    /// Model calls: attempts × (1 + repairs) × turns over the chain of models, plus gates, fixes and tools that call models.
    pub max_model_calls: Option<u64>,
    /// Output tokens: each model call with the `max_output_tokens` of its model.
    pub max_output_tokens: Option<u64>,
    /// Steps running at once.
    pub max_parallel: Option<u64>,
}

impl Bounds {
    pub(super) const UNKNOWN: Self =
        Self { max_steps: None, max_model_calls: None, max_output_tokens: None, max_parallel: None };

    pub(super) const ZERO: Self =
        Self { max_steps: Some(0), max_model_calls: Some(0), max_output_tokens: Some(0), max_parallel: Some(0) };

    pub(super) const fn then(self, next: Self) -> Self {
        Self {
            max_steps: add(self.max_steps, next.max_steps),
            max_model_calls: add(self.max_model_calls, next.max_model_calls),
            max_output_tokens: add(self.max_output_tokens, next.max_output_tokens),
            max_parallel: max(self.max_parallel, next.max_parallel),
        }
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            max_steps: max(self.max_steps, other.max_steps),
            max_model_calls: max(self.max_model_calls, other.max_model_calls),
            max_output_tokens: max(self.max_output_tokens, other.max_output_tokens),
            max_parallel: max(self.max_parallel, other.max_parallel),
        }
    }

    pub(super) const fn beside(self, other: Self) -> Self {
        Self { max_parallel: add(self.max_parallel, other.max_parallel), ..self.then(other) }
    }

    pub(super) const fn times(self, turns: Option<u64>) -> Self {
        Self {
            max_steps: multiply(self.max_steps, turns),
            max_model_calls: multiply(self.max_model_calls, turns),
            max_output_tokens: multiply(self.max_output_tokens, turns),
            max_parallel: self.max_parallel,
        }
    }

    pub(super) const fn each(self, items: Option<u64>, at_once: u64) -> Self {
        let width = match items {
            Some(items) if items < at_once => items,
            _ => at_once,
        };
        Self { max_parallel: multiply(self.max_parallel, Some(width)), ..self.times(items) }
    }
}

pub(super) const fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
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
pub(super) const fn multiply(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(0), _) | (_, Some(0)) => Some(0),
        (Some(a), Some(b)) => a.checked_mul(b),
        _ => None,
    }
}

pub(super) const fn widen(bound: Option<u32>) -> Option<u64> {
    match bound {
        Some(bound) => Some(bound as u64),
        None => None,
    }
}

pub(super) const fn plus_one(times: Option<u64>) -> Option<u64> {
    add(times, Some(1))
}

pub(super) const fn minus_one(times: Option<u64>) -> Option<u64> {
    match times {
        Some(times) => Some(times.saturating_sub(1)),
        None => None,
    }
}
