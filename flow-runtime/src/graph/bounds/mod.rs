//! The worst case of a run, computed while the crate compiles.
//!
//! Each workflow below is walked once, however often it is called, see [`Memo`].

mod calls;
mod circle;
mod memo;
mod walk;

use super::{Graph, Meta};
use memo::Memo;
use walk::walk;

/// The worst case of a run. `None` is unknown: a loop or a map without a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Steps executed, gates and fallbacks not counted.
    pub max_steps: Option<u64>,
    /// Questions to models: attempts × (1 + repairs) over the chain of models, with judging and mending steps.
    pub max_model_calls: Option<u64>,
    /// Steps under way at one moment.
    pub max_parallel: Option<u64>,
}

/// The bounds of a step or a workflow; a circle has none.
pub(super) const fn of(meta: &'static Meta) -> Bounds {
    match walk(meta, &mut Memo::new(), false) {
        Some(bounds) => bounds,
        None => Bounds::UNKNOWN,
    }
}

/// Whether workflows call each other in a circle somewhere below.
pub(super) const fn has_circle(meta: &'static Meta) -> bool {
    walk(meta, &mut Memo::new(), false).is_none()
}

/// Ends the build with the circle that leads back to `meta`. One circle is told once: at the workflow whose name is first.
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
    const UNKNOWN: Self = Self { max_steps: None, max_model_calls: None, max_parallel: None };

    const ZERO: Self = Self { max_steps: Some(0), max_model_calls: Some(0), max_parallel: Some(0) };

    const fn then(self, next: Self) -> Self {
        Self {
            max_steps: add(self.max_steps, next.max_steps),
            max_model_calls: add(self.max_model_calls, next.max_model_calls),
            max_parallel: max(self.max_parallel, next.max_parallel),
        }
    }

    const fn or(self, other: Self) -> Self {
        Self {
            max_steps: max(self.max_steps, other.max_steps),
            max_model_calls: max(self.max_model_calls, other.max_model_calls),
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

/// One definition is one place in one file of one module.
pub(super) const fn same(a: &Meta, b: &Meta) -> bool {
    a.line == b.line && str_eq(a.name, b.name) && str_eq(a.module, b.module)
}

pub(super) const fn str_eq(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while a.len() == b.len() && at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
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

/// Nothing stays nothing, however often it is repeated.
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

const fn plus_one(bound: Option<u32>) -> Option<u64> {
    add(widen(bound), Some(1))
}

#[cfg(test)]
mod tests;
