//! The workflows below one, each with a summary.

use super::step::{DEPTH, acting, is_reviewed};
use crate::graph::{Kind, Meta, MetaPtr};

/// Maximum number of workflows below one with an irreversible effect.
const CAPACITY: usize = 256;

/// How a workflow passes values on. Arguments are bits, in order.
#[derive(Clone, Copy)]
pub(super) struct Summary {
    /// Its output is unreviewed output of a model in it.
    pub(super) writes: bool,
    /// The arguments that are part of its output, unreviewed.
    pub(super) passes: u64,
    /// The arguments that reach an irreversible effect in it, unreviewed.
    pub(super) sinks: u64,
}

/// The workflows below one.
pub(super) struct Below {
    pub(super) met: [Option<&'static Meta>; CAPACITY],
    pub(super) found: [Summary; CAPACITY],
    pub(super) len: usize,
    /// Whether any of them has an irreversible effect.
    pub(super) acts: bool,
}

impl Summary {
    const NONE: Self = Self { writes: false, passes: 0, sinks: 0 };

    pub(super) const fn is(self, other: Self) -> bool {
        self.writes == other.writes && self.passes == other.passes && self.sinks == other.sinks
    }
}

impl Below {
    /// Collects everything a workflow calls, without summaries.
    pub(super) const fn collect(owner: &'static Meta) -> Self {
        let mut below = Self { met: [None; CAPACITY], found: [Summary::NONE; CAPACITY], len: 0, acts: false };
        below.enter(owner);
        let mut next = 0;
        while next < below.len {
            if let Some(meta) = below.met[next] {
                below.enter(meta);
            }
            next += 1;
        }
        below
    }

    const fn enter(&mut self, meta: &'static Meta) {
        let Some(graph) = meta.graph else { return };
        let mut at = 0;
        while at < graph.nodes.len() {
            let step = graph.nodes[at].step.get();
            self.acts |= acting(step).is_some();
            self.add_chain(step);
            at += 1;
        }
    }

    /// Adds a call and its fallbacks.
    const fn add_chain(&mut self, step: &'static Meta) {
        let (mut next, mut depth) = (Some(MetaPtr::new(step)), 0);
        while depth < DEPTH
            && let Some(called) = next
        {
            self.add(called.get());
            next = called.get().policy.fallback;
            depth += 1;
        }
    }

    const fn add(&mut self, meta: &'static Meta) {
        if meta.graph.is_none() || self.find(meta).is_some() {
            return;
        }
        assert!(self.len < CAPACITY, "a workflow with an irreversible effect calls more than 256 workflows");
        self.met[self.len] = Some(meta);
        self.len += 1;
    }

    /// Whether an argument of a call reaches an irreversible effect.
    pub(super) const fn is_sink(&self, step: &'static Meta, position: usize) -> bool {
        acting(step).is_some() || self.sinking(step, position).is_some()
    }

    /// The workflow in which an argument of a call reaches an irreversible effect: the one called, or a fallback, which takes the
    /// same arguments.
    pub(super) const fn sinking(&self, step: &'static Meta, position: usize) -> Option<&'static Meta> {
        let (mut at, mut depth) = (step, 0);
        while depth < DEPTH {
            if self.of(at).sinks & bit(position) != 0 {
                return Some(at);
            }
            let Some(next) = at.policy.fallback else { return None };
            at = next.get();
            depth += 1;
        }
        None
    }

    /// Whether an argument of a call is part of its output.
    pub(super) const fn passes(&self, step: &Meta, position: usize) -> bool {
        step.graph.is_none() || self.of(step).passes & bit(position) != 0
    }

    /// The unreviewed model that writes the output of a call: the step itself, one of its fallbacks, or the workflow containing
    /// the model.
    pub(super) const fn writer(&self, step: &'static Meta) -> Option<&'static Meta> {
        let (mut at, mut depth) = (step, 0);
        while depth < DEPTH {
            if is_reviewed(at) {
                return None;
            }
            if matches!(at.kind, Kind::Model) || self.of(at).writes {
                return Some(at);
            }
            let Some(next) = at.policy.fallback else { return None };
            at = next.get();
            depth += 1;
        }
        None
    }

    pub(super) const fn of(&self, meta: &Meta) -> Summary {
        match self.find(meta) {
            Some(at) => self.found[at],
            None => Summary::NONE,
        }
    }

    const fn find(&self, meta: &Meta) -> Option<usize> {
        if meta.graph.is_none() {
            return None;
        }
        let mut at = 0;
        while at < self.len {
            if let Some(met) = self.met[at]
                && met.is(meta)
            {
                return Some(at);
            }
            at += 1;
        }
        None
    }
}

/// A workflow's states are not passed in calls, so its arguments are numbered as passed.
pub(super) const fn bit(argument: usize) -> u64 {
    if argument < 64 { 1 << argument } else { 0 }
}
