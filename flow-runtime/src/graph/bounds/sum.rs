//! The terms of each way that a walk has found, as chains: ways that begin in the same way share their beginning.

use super::Measure;
use super::calls::Helper;
use crate::graph::{Block, Meta, Node};
use crate::provider::Model;

/// No term.
pub(super) const NONE: u32 = u32::MAX;

/// All terms, of ways that turned out not to be the dearest, too.
pub(super) struct Sum<const N: usize> {
    pub(super) measure: Measure,
    all: [Link; N],
    len: usize,
    /// How many had no room.
    pub(super) lost: usize,
}

/// A term in its way.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) what: What,
    pub(super) value: Option<u64>,
    before: u32,
    /// The last of the terms that it is the sum of.
    pub(super) inside: u32,
    /// The term behind it in the way that was asked for last.
    pub(super) next: u32,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    /// It was not kept.
    Lost,
    /// The head of the section of a workflow that is called.
    Section(&'static Meta),
    /// A call; `summed` where its parts follow.
    Call { node: &'static Node, summed: bool },
    /// What a step asks itself, beside the steps that serve it.
    Own(&'static Meta, &'static Option<Model>),
    /// A step that serves the one above.
    Helper { helper: Helper, each: Option<u64> },
    /// A part of a block: all of it, or one turn where it is repeated, comes to `each`.
    Part { block: Block, part: &'static str, times: Option<u64>, each: Option<u64> },
    /// The turn of a loop that leaves it.
    Last { block: Block, part: &'static str },
}

impl<const N: usize> Sum<N> {
    pub(super) const fn new(measure: Measure) -> Self {
        let none = Link { what: What::Lost, value: None, before: NONE, inside: NONE, next: NONE };
        Self { measure, all: [none; N], len: 0, lost: 0 }
    }

    /// Adds a term behind another; what adds nothing is left out.
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

    /// The first term of the way that ends in one; each then knows the next.
    pub(super) const fn first(&mut self, last: u32) -> u32 {
        let (mut at, mut next) = (last, NONE);
        while at != NONE {
            self.all[at as usize].next = next;
            (at, next) = (self.all[at as usize].before, at);
        }
        next
    }
}
