//! Traces a value backwards over the edges of one workflow, up to reviewed values.

use super::below::{Below, bit};
use super::step::is_reviewed;
use crate::contract::equal;
use crate::graph::{Graph, Kind, Meta, Source};

/// Maximum number of calls in a workflow with an irreversible effect in it or below.
const MOST: usize = 1024;

/// The value ends where the search started.
pub(super) const END: u16 = u16::MAX;
const UNSEEN: u16 = u16::MAX - 1;

/// The value in question.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// An argument of a call.
    Argument { node: u32, position: usize },
    /// The output of the workflow.
    Output,
}

/// The calls that a value comes from.
pub(super) struct Reach {
    /// The first call found whose output is unreviewed model output.
    pub(super) writer: Option<u32>,
    /// For each call, the next call on the path, which receives its output.
    next: [u16; MOST],
    /// Whether plain code computes the argument of that next call.
    by_code: [bool; MOST],
    /// The calls in the order found.
    found: [u16; MOST],
    len: usize,
    /// The arguments of the workflow that are on a path, and the calls that receive them.
    inputs: [Option<(&'static str, u16)>; 64],
    arguments: usize,
}

impl Reach {
    pub(super) const fn of(graph: &'static Graph, start: Start, below: &Below) -> Self {
        assert!(graph.nodes.len() <= MOST, "a workflow with an irreversible effect has more than 1024 calls");
        let mut reach = Self {
            writer: None,
            next: [UNSEEN; MOST],
            by_code: [false; MOST],
            found: [0; MOST],
            len: 0,
            inputs: [None; 64],
            arguments: 0,
        };
        match start {
            Start::Argument { node, position } => reach.arguments_of(graph, node, Some(position), END, below),
            Start::Output => reach.add_all(graph.output, END, false),
        }
        let mut at = 0;
        while at < reach.len {
            reach.pass(graph, reach.found[at], below);
            at += 1;
        }
        reach
    }

    /// Continues behind a call, unless its output is reviewed or written by a model.
    const fn pass(&mut self, graph: &'static Graph, node: u16, below: &Below) {
        let step = graph.nodes[node as usize].step.get();
        if is_reviewed(step) {
            return;
        }
        if below.writer(step).is_some() && self.writer.is_none() {
            self.writer = Some(node as u32);
        }
        if !matches!(step.kind, Kind::Model) {
            self.arguments_of(graph, node as u32, None, node, below);
        }
    }

    /// The arguments of a call: all that are part of its output, or the one at a position.
    const fn arguments_of(&mut self, graph: &'static Graph, node: u32, only: Option<usize>, next: u16, below: &Below) {
        let step = graph.nodes[node as usize].step.get();
        let mut at = 0;
        while at < graph.edges.len() {
            let edge = &graph.edges[at];
            let wanted = match only {
                Some(position) => edge.position == position,
                None => below.passes(step, edge.position),
            };
            if edge.to == node && wanted {
                match edge.from {
                    Source::Lost(loss) => self.add_all(loss.made_of, next, true),
                    from => self.add(from, next, false),
                }
            }
            at += 1;
        }
    }

    const fn add_all(&mut self, sources: &[Source], next: u16, by_code: bool) {
        let mut at = 0;
        while at < sources.len() {
            self.add(sources[at], next, by_code);
            at += 1;
        }
    }

    const fn add(&mut self, source: Source, next: u16, by_code: bool) {
        match source {
            Source::Node(node) => {
                if self.next[node as usize] == UNSEEN {
                    self.next[node as usize] = next;
                    self.by_code[node as usize] = by_code;
                    self.found[self.len] = node as u16;
                    self.len += 1;
                }
            }
            Source::Input(name) => {
                if self.arguments < self.inputs.len() && self.taker(name).is_none() {
                    self.inputs[self.arguments] = Some((name, next));
                    self.arguments += 1;
                }
            }
            Source::Lost(_) => {}
        }
    }

    /// The call that receives the output of `node` on the path; `None` at the end of the path.
    pub(super) const fn next(&self, node: u32) -> Option<u32> {
        match self.next[node as usize] {
            END | UNSEEN => None,
            next => Some(next as u32),
        }
    }

    /// Whether the path from the writer leads through plain code.
    pub(super) const fn through_code(&self) -> bool {
        let mut at = self.writer;
        while let Some(node) = at {
            if self.by_code[node as usize] {
                return true;
            }
            at = self.next(node);
        }
        false
    }

    /// Whether the output of a call is on a path.
    pub(super) const fn contains(&self, node: u32) -> bool {
        self.next[node as usize] != UNSEEN
    }

    /// The call that receives an argument of the workflow, or [`END`]; `None` if the argument is on no path.
    pub(super) const fn taker(&self, name: &str) -> Option<u16> {
        let mut at = 0;
        while at < self.arguments {
            if let Some((known, taker)) = self.inputs[at]
                && equal(known, name)
            {
                return Some(taker);
            }
            at += 1;
        }
        None
    }

    /// The arguments of the workflow on a path, as bits.
    pub(super) const fn inputs(&self, owner: &Meta) -> u64 {
        let (mut bits, mut at) = (0, 0);
        while at < owner.arguments.len() {
            if self.taker(owner.arguments[at].name).is_some() {
                bits |= bit(at);
            }
            at += 1;
        }
        bits
    }
}
