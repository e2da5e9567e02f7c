//! The depth of a node's smallest value, which shows the way out of a recursion.

use std::collections::BTreeMap;

use crate::provider::lower::tree::{Kind, Node, Presence, Tree};

/// The height of a node without finite values.
const ENDLESS: usize = usize::MAX;

/// The heights of a tree's definitions.
#[derive(Debug)]
pub(super) struct Heights(BTreeMap<String, usize>);

impl Heights {
    pub(super) fn new(tree: &Tree) -> Self {
        let mut heights = Self(tree.defs.keys().map(|key| (key.clone(), ENDLESS)).collect());
        // Each pass settles the definitions that are one reference higher.
        for _ in 0..=tree.defs.len() {
            let pass = tree.defs.iter().map(|(key, node)| (key.clone(), heights.of(node))).collect();
            heights.0 = pass;
        }
        heights
    }

    /// The height of a node's smallest value.
    pub(super) fn of(&self, node: &Node) -> usize {
        let tallest = |nodes: &mut dyn Iterator<Item = &Node>| nodes.map(|node| self.of(node)).max().unwrap_or(0);
        match &node.kind {
            Kind::Any | Kind::Text(_) | Kind::Scalar { .. } => 0,
            Kind::Never => ENDLESS,
            Kind::Ref(key) => self.0.get(key).copied().unwrap_or(0),
            Kind::Union(variants) => variants.iter().map(|node| self.of(node)).min().unwrap_or(ENDLESS),
            Kind::Array(item) if node.constraints.get("minItems").is_some_and(|count| count.as_u64() > Some(0)) => {
                self.of(item).saturating_add(1)
            }
            Kind::Array(_) => 1,
            Kind::Tuple(items) => tallest(&mut items.iter()).saturating_add(1),
            Kind::Object { fields, .. } => {
                let required = fields.iter().filter(|field| field.presence != Presence::Optional);
                tallest(&mut required.map(|field| &field.node)).saturating_add(1)
            }
        }
    }
}
