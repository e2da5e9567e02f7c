//! What a model wrote reaches no irreversible effect before a gate or a person has seen it.
//!
//! Data counts, control does not: the ways are those of values, backwards from an argument of the effect. Each workflow below is
//! summed up once, see [`Below`], so a way may lead through any number of them.

mod below;
mod reach;
mod tell;
#[cfg(test)]
mod tests;

use super::{Effect, Kind, Meta, OnTimeout, bounds};
use below::Below;
use reach::{Reach, Start};

/// An argument of a call. Nothing is computed where the call has no irreversible effect.
///
/// # Panics
///
/// With the way of the value, where a model wrote it and neither a gate nor a person has seen it.
#[track_caller]
pub const fn reviewed(owner: &'static Meta, to: u32, position: usize) {
    let Some(graph) = owner.graph else { return };
    let step = graph.nodes[to as usize].step.get();
    if step.graph.is_none() && acting(step).is_none() {
        return;
    }
    let mut below = Below::collect(owner);
    if !below.acts {
        return;
    }
    below.sum_up();
    if !below.is_sink(step, position) {
        return;
    }
    let reach = Reach::of(graph, Start::Argument { node: to, position }, &below);
    // A circle has no way through it, and is told where it is.
    if reach.writer.is_some() && !is_told_earlier(owner, to, position, &below) && bounds::unless_circle(owner).is_some()
    {
        tell::refuse(owner, to, position, &below);
    }
}

/// One call is told of once: at its first argument that is wrong.
const fn is_told_earlier(owner: &'static Meta, to: u32, position: usize, below: &Below) -> bool {
    let Some(graph) = owner.graph else { return false };
    let step = graph.nodes[to as usize].step.get();
    let mut earlier = 0;
    while earlier < position {
        let start = Start::Argument { node: to, position: earlier };
        if below.is_sink(step, earlier) && Reach::of(graph, start, below).writer.is_some() {
            return true;
        }
        earlier += 1;
    }
    false
}

/// How far steps that stand in for steps are followed.
const DEPTH: u32 = 8;

/// The step that has an irreversible effect on what this one is given: itself, what stands in for it or what undoes it.
const fn acting(step: &'static Meta) -> Option<&'static Meta> {
    let (mut at, mut depth) = (step, 0);
    while depth < DEPTH {
        if is_irreversible(at) {
            return Some(at);
        }
        if let Some(undo) = at.policy.compensate
            && is_irreversible(undo.get())
            && !is_reviewed(at)
        {
            return Some(undo.get());
        }
        let Some(next) = at.policy.fallback else { return None };
        at = next.get();
        depth += 1;
    }
    None
}

const fn is_irreversible(step: &Meta) -> bool {
    matches!(step.policy.effect, Effect::Irreversible) && !step.policy.unreviewed
}

/// Whether a gate or a person has seen what the step returns. Silence that accepts is no review.
const fn is_reviewed(step: &Meta) -> bool {
    let person = matches!(step.kind, Kind::Human) && !matches!(step.policy.on_timeout, OnTimeout::Accept);
    person || !step.policy.gates.is_empty()
}

/// What writes the output of a step, where that is a model which nobody reviews: the step itself, what stands in for it, or the
/// workflow that has the model in it.
const fn writer(step: &'static Meta, below: &Below) -> Option<&'static Meta> {
    let (mut at, mut depth) = (step, 0);
    while depth < DEPTH {
        if is_reviewed(at) {
            return None;
        }
        if matches!(at.kind, Kind::Model) || below.of(at).writes {
            return Some(at);
        }
        let Some(next) = at.policy.fallback else { return None };
        at = next.get();
        depth += 1;
    }
    None
}
