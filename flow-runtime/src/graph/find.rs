//! Finds steps: those that are called, and the one at a place.

use super::{Block, Graph, Meta, Op, Tools};
use crate::place::{Place, TURN};

impl Meta {
    /// Returns the step at a place of a run, or a helper step there; `None` if this graph has none there.
    pub fn step_at(&'static self, place: &Place) -> Option<&'static Meta> {
        let (mut at, mut is_in_turn) = (self, false);
        for part in place.as_str().split('/') {
            let (node, turn) = part.split_once('[').map_or((part, false), |(node, _)| (node, true));
            let Some(graph) = at.graph else {
                match at.policy.tools {
                    Some(_) if turn && node == TURN => is_in_turn = true,
                    Some(tools) if std::mem::take(&mut is_in_turn) => at = called(tools, node)?,
                    _ => at = at.helper_at(node)?,
                }
                continue;
            };
            match graph.nodes.iter().find(|other| other.id().to_string() == node) {
                Some(found) => at = found.step.get(),
                None if turn && is_block(graph, node) => {}
                None => return None,
            }
        }
        (at.graph.is_none()).then_some(at)
    }

    /// Returns the steps and workflows that are called directly, each once, in source order.
    pub fn calls(&'static self) -> Vec<&'static Meta> {
        let mut calls: Vec<&'static Meta> = Vec::new();
        for node in self.graph.map_or(&[][..], |graph| graph.nodes) {
            if !calls.iter().any(|seen| std::ptr::eq(*seen, node.step.get())) {
                calls.push(node.step.get());
            }
        }
        calls
    }

    /// Returns everything that a run may execute, each once, starting with itself.
    pub fn reachable(&'static self) -> Vec<&'static Meta> {
        let mut all: Vec<&'static Meta> = vec![self];
        let mut next = 0;
        while let Some(meta) = all.get(next).copied() {
            next += 1;
            for other in meta.calls().into_iter().chain(meta.helpers()) {
                if !all.iter().any(|seen| std::ptr::eq(*seen, other)) {
                    all.push(other);
                }
            }
        }
        all
    }
}

/// The tool behind the node of a call, which may have a number: `find_order.2`.
fn called(tools: &Tools, node: &str) -> Option<&'static Meta> {
    let name = |id: &str| tools.find(id).map(|tool| tool.step.get());
    name(node).or_else(|| name(node.rsplit_once('.')?.0))
}

fn is_block(graph: &Graph, id: &str) -> bool {
    graph.structure.iter().any(|op| match op {
        Op::Open(Block::Loop { id: other, .. } | Block::Map { id: other, .. } | Block::Race { id: other }) => {
            other.to_string() == id
        }
        _ => false,
    })
}
