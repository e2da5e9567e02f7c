//! Places: paths through the graph, with the index of each turn and item.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Run;
use crate::error::{Error, ErrorKind, Result};

/// The path of a step in its run: `map[17]/summarize` is the step `summarize` for the eighteenth item of the map.
///
/// It depends only on the graph and the indices, never on the order in which steps happen to run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Place(String);

impl Place {
    /// The place of the root workflow.
    pub(crate) fn root() -> Self {
        Self(String::new())
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the nodes of the path, without turns and items: `map[17]/summarize.2` has `map` and `summarize.2`.
    pub(crate) fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').map(|part| part.split_once('[').map_or(part, |(node, _)| node))
    }

    /// Returns the place after a node was renamed.
    pub(crate) fn renamed(&self, old: &str, new: &str) -> Self {
        let part = |part: &str| match part.split_once('[') {
            Some((node, turn)) if node == old => format!("{new}[{turn}"),
            None if part == old => new.to_owned(),
            _ => part.to_owned(),
        };
        Self(self.0.split('/').map(part).collect::<Vec<_>>().join("/"))
    }

    /// Returns whether this place equals `outer` or is inside it. All places are inside the workflow that was started.
    pub fn is_within(&self, outer: &Self) -> bool {
        let rest = self.0.strip_prefix(&outer.0);
        rest.is_some_and(|rest| outer.0.is_empty() || rest.is_empty() || rest.starts_with(['/', '[']))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The current place in generated code: a linked list on the stack, formatted only on demand.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// The run.
    pub run: &'a Run,
    up: Option<&'a Cx<'a>>,
    node: NodeId,
    index: Option<u32>,
}

/// A node within its workflow: the step's id, and the ordinal of this call, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId {
    /// The id of the step, or the name given to the call.
    pub id: &'static str,
    /// The ordinal of the call among the calls of that step, in source order.
    pub ordinal: u32,
}

impl NodeId {
    /// Returns the first node with this id.
    pub const fn first(id: &'static str) -> Self {
        Self { id, ordinal: 1 }
    }
}

impl NodeId {
    /// Returns whether both have the same text: `summarize.2` may be the second call of `summarize`, or a name.
    pub(crate) const fn reads_as(self, other: Self) -> bool {
        if self.len() != other.len() {
            return false;
        }
        let mut at = self.len();
        // Compare from the end, where ids of the same step differ.
        while at > 0 {
            at -= 1;
            if self.byte(at) != other.byte(at) {
                return false;
            }
        }
        true
    }

    /// Returns a number that is equal for all nodes with the same text.
    pub(crate) const fn mark(self) -> u64 {
        let (mut mark, mut at) = (0_u64, self.len());
        while at > 0 {
            at -= 1;
            mark = mark.wrapping_mul(31).wrapping_add(self.byte(at) as u64);
        }
        mark
    }

    /// The length of the text in bytes.
    const fn len(self) -> usize {
        match self.ordinal {
            0 | 1 => self.id.len(),
            ordinal => self.id.len() + 2 + ordinal.ilog10() as usize,
        }
    }

    /// The byte of the text at a position.
    const fn byte(self, at: usize) -> u8 {
        let id = self.id.as_bytes();
        if at < id.len() {
            return id[at];
        }
        if at == id.len() {
            return b'.';
        }
        let power = (self.len() - 1 - at) as u32;
        b'0' + (self.ordinal / 10u32.pow(power) % 10) as u8
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)?;
        if self.ordinal > 1 { write!(f, ".{}", self.ordinal) } else { Ok(()) }
    }
}

impl<'a> Cx<'a> {
    /// Returns the place of the root workflow of a run.
    pub fn root(run: &'a Run) -> Self {
        Self { run, up: None, node: NodeId::first(""), index: None }
    }

    /// Returns the place of a node inside this one.
    pub fn inside(&'a self, node: NodeId) -> Self {
        Self { run: self.run, up: Some(self), node, index: None }
    }

    /// Returns the place of one turn of a loop, or of one item of a map.
    pub fn turn(&'a self, node: NodeId, index: u32) -> Self {
        Self { run: self.run, up: Some(self), node, index: Some(index) }
    }

    /// Returns the same node for its `times`-th repetition; the first execution has no index.
    pub(crate) fn again(&self, times: u32) -> Self {
        Self { index: (times > 0).then_some(times), ..*self }
    }

    /// Returns the enclosing workflow, skipping turns of loops and items of maps.
    pub(crate) fn workflow(&self) -> Cx<'a> {
        let mut at = *self;
        while let Some(up) = at.up {
            at = *up;
            if at.index.is_none() {
                break;
            }
        }
        at
    }

    /// Returns the nodes from the root to here, from which this place can be rebuilt.
    pub(super) fn path(&self) -> Vec<(NodeId, Option<u32>)> {
        let (mut path, mut at) = (Vec::new(), self);
        while let Some(up) = at.up {
            path.push((at.node, at.index));
            at = up;
        }
        path.reverse();
        path
    }

    /// Formats the path.
    pub fn place(&self) -> Place {
        let mut text = String::new();
        self.write(&mut text);
        Place(text)
    }

    fn write(&self, text: &mut String) {
        let Some(up) = self.up else { return };
        up.write(text);
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(&self.node.to_string());
        if let Some(index) = self.index {
            text.push_str(&format!("[{index}]"));
        }
    }

    /// Returns the state for a workflow's `#[state]` argument.
    ///
    /// # Errors
    ///
    /// Fails if the runtime has no such state. That is checked before the workflow starts, so this would be an engine
    /// bug.
    pub fn state<T: Held>(&self, name: &str) -> Result<Arc<T>> {
        let state = self.run.engine.state(TypeId::of::<T>()).and_then(|state| state.downcast().ok());
        state.ok_or_else(|| Error::new(ErrorKind::Setup, format!("the runtime has no state for `{name}`")))
    }
}

/// Types that a runtime can share with its workflows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `#[state]`: a runtime shares it between workflows on several threads",
    label = "not `Send + Sync + 'static`",
    note = "keep mutable data in a `Mutex`, and use `Arc` instead of `Rc`",
    note = "see flow::errors::signature"
)]
pub trait Held: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Held for T {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_the_same_where_their_texts_are_equal() {
        let node = |id, ordinal| NodeId { id, ordinal };
        let mut nodes =
            vec![node("", 1), node("a", 0), node("a.2", 1), node("a.12", 1), node("a.1", 2), node("a.1.2", 1)];
        nodes.extend((1..130).map(|ordinal| node("a", ordinal)));
        for one in &nodes {
            for two in &nodes {
                assert_eq!(one.reads_as(*two), one.to_string() == two.to_string(), "{one} and {two}");
            }
        }
    }
}
