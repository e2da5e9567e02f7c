//! The terms of each path that a walk has found, as linked lists: paths with the same beginning share it.

use super::calls::Helper;
use super::measure::Measure;
use crate::graph::{Block, Meta, Node};
use crate::provider::Model;

pub(super) const NONE: u32 = u32::MAX;

/// All terms, including those of paths that turned out not to be the most expensive.
pub(super) struct Sum<const N: usize> {
    pub(super) measure: Measure,
    all: [Link; N],
    len: usize,
    /// The number of terms that did not fit.
    pub(super) lost: usize,
}

/// A term, linked to its path.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) what: What,
    pub(super) value: Option<u64>,
    before: u32,
    /// The last of the terms that add up to it.
    pub(super) inside: u32,
    /// The next term of the path that was requested last.
    pub(super) next: u32,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    /// A term that did not fit.
    Lost,
    /// The heading for the terms of a called workflow.
    Section(&'static Meta),
    /// A call; `summed` if its own terms follow.
    Call { node: &'static Node, summed: bool },
    /// The model calls of a step without its helpers.
    Own(&'static Meta, &'static Option<Model>),
    /// A helper of the step above.
    Helper { helper: Helper, each: Option<u64> },
    /// A part of a block. `each` is its cost, or the cost of one repetition.
    Part { block: Block, part: &'static str, times: Option<u64>, each: Option<u64> },
    /// The iteration that leaves a loop.
    Last { block: Block, part: &'static str },
}

impl<const N: usize> Sum<N> {
    pub(super) const fn new(measure: Measure) -> Self {
        let none = Link { what: What::Lost, value: None, before: NONE, inside: NONE, next: NONE };
        Self { measure, all: [none; N], len: 0, lost: 0 }
    }

    /// Adds a term after another one; a term of value 0 is omitted.
    pub(super) const fn push(&mut self, before: u32, what: What, value: Option<u64>, inside: u32) -> u32 {
        if N == 0 || matches!(value, Some(0)) {
            return before;
        }
        if self.len == N {
            self.lost += 1;
            return before;
        }
        self.all[self.len] = Link { what, value, before, inside, next: NONE };
        self.len += 1;
        (self.len - 1) as u32
    }

    pub(super) const fn get(&self, at: u32) -> Link {
        self.all[at as usize]
    }

    /// The first term of the path that ends at `last`; sets `next` of each term on the path.
    pub(super) const fn first(&mut self, last: u32) -> u32 {
        let (mut at, mut next) = (last, NONE);
        while at != NONE {
            self.all[at as usize].next = next;
            (at, next) = (self.all[at as usize].before, at);
        }
        next
    }
}
