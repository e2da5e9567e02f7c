//! Places without indices, and what a graph has there.

use crate::contract::equal;
use crate::graph::{Block, Graph, Meta, Node, Op};
use crate::place::NodeId;

/// A walk over one level of a graph: calls, and the loops, maps and branches of races that have places of their own. Other
/// branches and parallel blocks have none, so the walk passes through them.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) graph: &'static Graph,
    at: usize,
    depth: usize,
    /// The depth of the loop, map or race being skipped.
    hidden: Option<usize>,
    /// What is skipped is a race, whose branches are elements of this level.
    races: bool,
    /// This level is a branch of a race, which ends with the branch.
    is_branch: bool,
}

/// An element found by the walk.
#[derive(Clone, Copy)]
pub(super) enum Here {
    /// A call and the index of its node.
    Call(&'static Node, usize),
    /// A loop or map and its content.
    Block(NodeId, Scope),
    /// A branch of a race, by its whole name, and its content.
    Branch(&'static str, Scope),
}

impl Scope {
    pub(super) const fn of(graph: &'static Graph) -> Self {
        Self::from(graph, 0)
    }

    const fn from(graph: &'static Graph, at: usize) -> Self {
        Self { graph, at, depth: 0, hidden: None, races: false, is_branch: false }
    }

    const fn branch(graph: &'static Graph, at: usize) -> Self {
        Self { is_branch: true, ..Self::from(graph, at) }
    }

    pub(super) const fn next(&mut self) -> Option<Here> {
        while self.at < self.graph.structure.len() {
            let op = &self.graph.structure[self.at];
            self.at += 1;
            match op {
                Op::Step(index) if self.hidden.is_none() => {
                    return Some(Here::Call(&self.graph.nodes[*index as usize], *index as usize));
                }
                Op::Open(block) => {
                    self.depth += 1;
                    if let (Block::Race { .. }, None) = (block, self.hidden) {
                        (self.hidden, self.races) = (Some(self.depth), true);
                    }
                    if let (Block::Loop { id, .. } | Block::Map { id, .. }, None) = (block, self.hidden) {
                        self.hidden = Some(self.depth);
                        return Some(Here::Block(*id, Self::from(self.graph, self.at)));
                    }
                }
                Op::Arm(name) if self.is_racing() => {
                    return Some(Here::Branch(name, Self::branch(self.graph, self.at)));
                }
                Op::Close if self.depth == 0 => return None,
                Op::Arm(_) if self.is_branch && self.depth == 0 => return None,
                Op::Close => self.close(),
                Op::Step(_) | Op::Arm(_) | Op::Leave(_) => {}
            }
        }
        None
    }

    /// Whether the innermost block is a race of this level.
    const fn is_racing(&self) -> bool {
        match self.hidden {
            Some(depth) => self.races && depth == self.depth,
            None => false,
        }
    }

    const fn close(&mut self) {
        if let Some(depth) = self.hidden
            && depth == self.depth
        {
            (self.hidden, self.races) = (None, false);
        }
        self.depth -= 1;
    }

    const fn find(mut self, segment: Segment) -> Option<Here> {
        let wanted = NodeId { id: segment.name, ordinal: 1 };
        while let Some(here) = self.next() {
            match here {
                Here::Call(node, _) if !segment.repeated && node.id().reads_as(wanted) => return Some(here),
                Here::Block(id, _) if segment.repeated && id.reads_as(wanted) => return Some(here),
                Here::Branch(name, _) if equal(name, segment.text) => return Some(here),
                _ => {}
            }
        }
        None
    }
}

/// The result of looking up a place.
#[derive(Clone, Copy)]
pub(super) enum Located {
    /// A call: its graph, its node and the node's index.
    Call(&'static Graph, &'static Node, usize),
    /// No such call. Its surroundings exist; `before` is the length of the place up to its name.
    Gone { around: Scope, before: usize },
    /// No such call, because this part of the place does not exist.
    Outside(&'static str),
}

pub(super) const fn locate(meta: &'static Meta, place: &'static str) -> Located {
    let Some(graph) = meta.graph else { return Located::Outside(place) };
    let (mut scope, mut rest) = (Scope::of(graph), place);
    loop {
        let before = place.len() - rest.len();
        let (segment, tail) = Segment::first(rest);
        match (scope.find(segment), tail) {
            (None, None) => return Located::Gone { around: scope, before },
            (None, Some(_)) => return Located::Outside(segment.text),
            // A workflow records no result of its own, only its steps do.
            (Some(Here::Call(node, _)), None) if node.step.get().graph.is_some() => {
                return Located::Gone { around: scope, before };
            }
            (Some(Here::Call(node, index)), None) => return Located::Call(scope.graph, node, index),
            (Some(Here::Call(node, _)), Some(tail)) => {
                let Some(graph) = node.step.get().graph else { return Located::Outside(segment.text) };
                (scope, rest) = (Scope::of(graph), tail);
            }
            (Some(Here::Block(_, inside) | Here::Branch(_, inside)), Some(tail)) => (scope, rest) = (inside, tail),
            (Some(Here::Block(..) | Here::Branch(..)), None) => return Located::Outside(segment.text),
        }
    }
}

/// One part of a place, such as `map[]` or `summarise.2`.
#[derive(Clone, Copy)]
struct Segment {
    text: &'static str,
    name: &'static str,
    repeated: bool,
}

impl Segment {
    /// Splits off the first part.
    const fn first(place: &'static str) -> (Self, Option<&'static str>) {
        let bytes = place.as_bytes();
        let mut end = 0;
        while end < bytes.len() && bytes[end] != b'/' {
            end += 1;
        }
        let (text, rest) = place.split_at(end);
        let (name, index) = text.split_at(text.len() - if ends_with_index(text) { 2 } else { 0 });
        let rest = if rest.is_empty() { None } else { Some(rest.split_at(1).1) };
        (Self { text, name, repeated: !index.is_empty() }, rest)
    }
}

const fn ends_with_index(text: &str) -> bool {
    text.len() > 2 && equal(text.split_at(text.len() - 2).1, "[]")
}

/// All steps that a run may record, with their places, in source order.
pub(super) fn all(meta: &'static Meta) -> Vec<(String, &'static Graph, usize)> {
    let mut found = Vec::new();
    if let Some(graph) = meta.graph {
        add(&mut found, "", Scope::of(graph));
    }
    found
}

fn add(found: &mut Vec<(String, &'static Graph, usize)>, before: &str, mut scope: Scope) {
    while let Some(here) = scope.next() {
        match here {
            Here::Call(node, index) => {
                let place = format!("{before}{}", node.id());
                match node.step.get().graph {
                    Some(graph) => add(found, &format!("{place}/"), Scope::of(graph)),
                    None => found.push((place, scope.graph, index)),
                }
            }
            Here::Block(id, inside) => add(found, &format!("{before}{id}[]/"), inside),
            Here::Branch(name, inside) => add(found, &format!("{before}{name}/"), inside),
        }
    }
}
