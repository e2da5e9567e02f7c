//! Unreviewed model output must not reach an irreversible effect.
//!
//! Only data flow counts, not control flow: values are traced backwards from an argument of the effect. Each workflow below is
//! summarized once, see [`Below`], so a path may lead through any number of them.

mod below;
mod fixed_point;
mod reach;
mod step;
mod tell;
#[cfg(test)]
mod tests;

use super::{Meta, bounds};
use below::Below;
use reach::{Reach, Start};
pub(super) use step::{acting, is_approved, shows};

/// Checks an argument of a call. Nothing is computed if the call has no irreversible effect.
///
/// # Panics
///
/// With the path of the value, if it is unreviewed model output.
#[track_caller]
pub const fn reviewed(owner: &'static Meta, to: u32, position: usize) {
    let Some(graph) = owner.graph else { return };
    let step = graph.nodes[to as usize].step.get();
    if step.graph.is_none() && step.policy.fallback.is_none() && acting(step).is_none() {
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
