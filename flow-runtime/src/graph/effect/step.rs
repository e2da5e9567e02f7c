//! What a single step does, with its fallbacks and what undoes it.

use crate::contract::equal;
use crate::graph::{Effect, Kind, Meta, OnTimeout};

/// How many fallbacks in a row are followed.
pub(super) const DEPTH: u32 = 8;

/// The step with an irreversible effect on the arguments of this one: itself, one of its fallbacks, or its `compensate` step.
pub(in crate::graph) const fn acting(step: &'static Meta) -> Option<&'static Meta> {
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
    // Whether the approver sees everything is checked at the step.
    matches!(step.policy.effect, Effect::Irreversible) && !step.policy.unreviewed && step.policy.approve.is_none()
}

/// Whether a person sees every argument before the step does anything.
pub(in crate::graph) const fn is_approved(step: &'static Meta) -> bool {
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
pub(in crate::graph) const fn shows(person: &'static Meta, argument: &str) -> bool {
    match person.policy.prompt {
        Some(text) => contains(text.shows, argument),
        None => person.argument_named(argument).is_some(),
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
pub(super) const fn is_reviewed(step: &Meta) -> bool {
    let person = matches!(step.kind, Kind::Human) && !matches!(step.policy.on_timeout, OnTimeout::Accept);
    person || !step.policy.gates.is_empty()
}
