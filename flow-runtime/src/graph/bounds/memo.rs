//! Bounds of the workflows, and of the steps with tools, that the walk has met.
//!
//! Without it, a shared sub-workflow would be walked once per path that leads to it: 2^n times in a chain of n workflows that
//! each call the next one twice.

use super::cost::Bounds;
use crate::graph::Meta;

/// How many workflows are remembered; any further one is walked on each call.
const CAPACITY: usize = 256;

/// The workflows met so far, compared by definition because const evaluation cannot compare pointers.
pub(super) struct Memo {
    met: [Option<Met>; CAPACITY],
    len: usize,
    steps: [Option<Known>; CAPACITY],
    known: usize,
}

/// A step with tools. How many levels of helpers and tools are followed below it decides what is known of it.
#[derive(Clone, Copy)]
struct Known {
    step: &'static Meta,
    depth: u32,
    bounds: Bounds,
}

#[derive(Clone, Copy)]
struct Met {
    meta: &'static Meta,
    /// `None` while the workflow is being walked.
    bounds: Option<Bounds>,
}

/// How far the walk of a workflow is.
pub(super) enum State {
    New,
    UnderWay,
    Known(Bounds),
}

impl Memo {
    pub(super) const fn new() -> Self {
        Self { met: [None; CAPACITY], len: 0, steps: [None; CAPACITY], known: 0 }
    }

    pub(super) const fn state(&self, meta: &Meta) -> State {
        match self.find(meta) {
            Some((_, Met { bounds: Some(bounds), .. })) => State::Known(bounds),
            Some(_) => State::UnderWay,
            None => State::New,
        }
    }

    pub(super) const fn begin(&mut self, meta: &'static Meta) {
        if self.len < CAPACITY {
            self.met[self.len] = Some(Met { meta, bounds: None });
            self.len += 1;
        }
    }

    pub(super) const fn end(&mut self, meta: &'static Meta, bounds: Bounds) {
        if let Some((at, _)) = self.find(meta) {
            self.met[at] = Some(Met { meta, bounds: Some(bounds) });
        }
    }

    pub(super) const fn step(&self, step: &Meta, depth: u32) -> Option<Bounds> {
        let mut at = 0;
        while at < self.known {
            if let Some(known) = self.steps[at]
                && known.depth == depth
                && known.step.is(step)
            {
                return Some(known.bounds);
            }
            at += 1;
        }
        None
    }

    pub(super) const fn know(&mut self, step: &'static Meta, depth: u32, bounds: Bounds) {
        if self.known < CAPACITY {
            self.steps[self.known] = Some(Known { step, depth, bounds });
            self.known += 1;
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Forgets the workflows met since there were `len`: an aborted walk leaves them marked as under way.
    pub(super) const fn forget_after(&mut self, len: usize) {
        self.len = len;
    }

    const fn find(&self, meta: &Meta) -> Option<(usize, Met)> {
        let mut at = 0;
        while at < self.len {
            if let Some(met) = self.met[at]
                && met.meta.is(meta)
            {
                return Some((at, met));
            }
            at += 1;
        }
        None
    }
}
