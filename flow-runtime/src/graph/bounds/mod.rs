//! The worst case of a run, computed at compile time.
//!
//! Each workflow is walked once, no matter how often it is called; see [`Memo`].

mod calls;
mod circle;
mod cost;
mod left;
mod measure;
mod memo;
mod render;
mod sum;
mod terms;
mod walk;
mod way;
mod ways;

use super::{Graph, Meta};
pub use cost::Bounds;
pub use measure::Measure;
use memo::Memo;
pub(super) use render::{json, text};
pub(super) use terms::Terms;
use walk::walk;

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

#[cfg(test)]
mod tests;
