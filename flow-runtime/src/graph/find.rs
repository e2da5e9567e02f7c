//! Finds the step at a place.

use super::{Block, Graph, Meta, Op};
use crate::place::Place;

/// The step at a place of a run, or a helper step there; `None` if this graph has none there.
pub(super) fn step_at(meta: &'static Meta, place: &Place) -> Option<&'static Meta> {
    let mut at = meta;
    for part in place.as_str().split('/') {
        let (node, turn) = part.split_once('[').map_or((part, false), |(node, _)| (node, true));
        let Some(graph) = at.graph else {
            at = at.helper_at(node)?;
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

fn is_block(graph: &Graph, id: &str) -> bool {
    graph.structure.iter().any(|op| match op {
        Op::Open(Block::Loop { id: other, .. } | Block::Map { id: other, .. }) => other.to_string() == id,
        _ => false,
    })
}
