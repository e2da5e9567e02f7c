//! Where a value comes from, backwards over the edges of one workflow, up to what was reviewed.

use super::below::{Below, bit};
use super::is_reviewed;
use crate::contract::equal;
use crate::graph::{Graph, Kind, Meta, Source};

/// How many calls a workflow may have where an irreversible effect is in it or below.
const MOST: usize = 1024;

/// The value ends where the search has started.
pub(super) const END: u16 = u16::MAX;
const UNSEEN: u16 = u16::MAX - 1;

/// The value that is asked about.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// What a call is given.
    Argument { node: u32, position: usize },
    /// What the workflow returns.
    Output,
}

/// The calls that a value comes from.
pub(super) struct Reach {
    /// The first that was found whose output a model wrote, unreviewed.
    pub(super) writer: Option<u32>,
    /// For each call, the one that takes its output on the way.
    next: [u16; MOST],
    /// Whether plain code makes what that one takes of it.
    by_code: [bool; MOST],
    /// In the order found.
    found: [u16; MOST],
    len: usize,
    /// The arguments of the workflow on the way, and who takes them.
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

    /// Looks behind a call, unless its output is reviewed or a model's.
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

    /// The values that a call is given: all that are in its output, or those at one position.
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

    /// The call that takes the output of another on the way; `None` where the value ends.
    pub(super) const fn next(&self, node: u32) -> Option<u32> {
        match self.next[node as usize] {
            END | UNSEEN => None,
            next => Some(next as u32),
        }
    }

    /// Whether plain code is on the way from what wrote the value.
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

    /// Whether the output of a call is on some way.
    pub(super) const fn contains(&self, node: u32) -> bool {
        self.next[node as usize] != UNSEEN
    }

    /// The call that takes an argument of the workflow, or [`END`]; `None` where the argument is on no way.
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

    /// The arguments of the workflow on the way, as bits.
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
