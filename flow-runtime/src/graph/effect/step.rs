//! What a single step does, with its fallbacks and what undoes it.

use crate::graph::{Effect, Kind, Meta, OnTimeout};

/// How many fallbacks in a row are followed.
pub(super) const DEPTH: u32 = 8;

/// The step with an irreversible effect on the arguments of this one: itself, one of its fallbacks, or its `compensate` step.
pub(super) const fn acting(step: &'static Meta) -> Option<&'static Meta> {
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

/// Whether a gate or a person has seen the output of the step. Acceptance by timeout does not count.
pub(super) const fn is_reviewed(step: &Meta) -> bool {
    let person = matches!(step.kind, Kind::Human) && !matches!(step.policy.on_timeout, OnTimeout::Accept);
    person || !step.policy.gates.is_empty()
}
