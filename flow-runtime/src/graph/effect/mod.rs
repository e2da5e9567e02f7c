//! Unreviewed model output must not reach an irreversible effect.
//!
//! Only data flow counts, not control flow: values are traced backwards from an argument of the effect. Each workflow below is
//! summarized once, see [`Below`], so a path may lead through any number of them.

mod below;
mod reach;
mod tell;
#[cfg(test)]
mod tests;

use crate::contract::equal;

use super::{Effect, Kind, Meta, OnTimeout, bounds};
use below::Below;
use reach::{Reach, Start};

/// Checks an argument of a call. Nothing is computed if the call has no irreversible effect.
///
/// # Panics
///
/// With the path of the value, if it is unreviewed model output.
#[track_caller]
pub const fn reviewed(owner: &'static Meta, to: u32, position: usize) {
    let Some(graph) = owner.graph else { return };
    let step = graph.nodes[to as usize].step.get();
    if step.graph.is_none() && step.policy.tools.is_none() && acting(step).is_none() {
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
    // A cycle has no path through it; it is reported elsewhere.
    if reach.writer.is_some() && !is_told_earlier(owner, to, position, &below) && bounds::unless_circle(owner).is_some()
    {
        tell::refuse(owner, to, position, &below);
    }
}

/// The arguments of a step or workflow that reach an irreversible effect unreviewed, as bits by position; all of them for a step
/// with such an effect.
pub(super) const fn sinks(meta: &'static Meta) -> u64 {
    if acting(meta).is_some() {
        return u64::MAX;
    }
    let Some(graph) = meta.graph else { return 0 };
    let mut below = Below::collect(meta);
    if !below.acts {
        return 0;
    }
    below.sum_up();
    below.sum(meta, graph).sinks
}

/// Each call is reported once, at its first bad argument.
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

/// How many fallbacks in a row are followed.
const DEPTH: u32 = 8;

/// The step with an irreversible effect on the arguments of this one: itself, one of its fallbacks, or its `compensate` step.
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

const fn is_irreversible(step: &'static Meta) -> bool {
    matches!(step.policy.effect, Effect::Irreversible) && !step.policy.unreviewed && !is_approved(step)
}

/// Whether a person sees every argument before the step does anything.
pub(super) const fn is_approved(step: &'static Meta) -> bool {
    let Some(approver) = step.policy.approve else { return false };
    let approver = approver.get();
    let mut at = 0;
    while at < step.arguments.len() {
        if !shows(approver, step.arguments[at].name) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether a human step shows the whole of an argument. Without a text of its own it shows its input.
pub(super) const fn shows(person: &'static Meta, argument: &str) -> bool {
    match person.policy.prompt {
        Some(text) => contains(text.shows, argument),
        None => {
            let mut at = 0;
            while at < person.arguments.len() {
                if equal(person.arguments[at].name, argument) {
                    return true;
                }
                at += 1;
            }
            false
        }
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if equal(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a gate or a person has seen the output of the step. Acceptance by timeout does not count.
const fn is_reviewed(step: &Meta) -> bool {
    let person = matches!(step.kind, Kind::Human) && !matches!(step.policy.on_timeout, OnTimeout::Accept);
    person || !step.policy.gates.is_empty()
}

/// The unreviewed model that writes the output of a step: the step itself, one of its fallbacks, or the workflow containing the
/// model.
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
