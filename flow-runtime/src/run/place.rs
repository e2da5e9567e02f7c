//! Where a step stands in its run: a path through the graph with the index of each turn and item.

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
    /// The place of the workflow that runs.
    pub(crate) fn root() -> Self {
        Self(String::new())
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nodes on the way, without turns and items: `map[17]/summarize.2` has `map` and `summarize.2`.
    pub(crate) fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').map(|part| part.split_once('[').map_or(part, |(node, _)| node))
    }

    /// The place in a graph where a node has another id.
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

/// The place generated code is at: a list on the stack, rendered only when somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// The run.
    pub run: &'a Run,
    up: Option<&'a Cx<'a>>,
    node: NodeId,
    index: Option<u32>,
}

/// A node within its workflow: the step's id, and which of its calls this is, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId {
    /// The id of the step, or the name of the call.
    pub id: &'static str,
    /// Which call of that step, in the order written.
    pub ordinal: u32,
}

impl NodeId {
    /// The first node of this id.
    pub const fn first(id: &'static str) -> Self {
        Self { id, ordinal: 1 }
    }
}

impl NodeId {
    /// Whether both read the same: `summarize.2` may be the second call of `summarize`, or a name.
    pub(crate) const fn reads_as(self, other: Self) -> bool {
        if self.len() != other.len() {
            return false;
        }
        let mut at = self.len();
        // From the end, where ids of one step differ.
        while at > 0 {
            at -= 1;
            if self.byte(at) != other.byte(at) {
                return false;
            }
        }
        true
    }

    /// A number that is the same for all that read the same.
    pub(crate) const fn mark(self) -> u64 {
        let (mut mark, mut at) = (0_u64, self.len());
        while at > 0 {
            at -= 1;
            mark = mark.wrapping_mul(31).wrapping_add(self.byte(at) as u64);
        }
        mark
    }

    /// The length of the text.
    const fn len(self) -> usize {
        match self.ordinal {
            0 | 1 => self.id.len(),
            ordinal => self.id.len() + 2 + ordinal.ilog10() as usize,
        }
    }

    /// A byte of the text.
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
    /// The place of a workflow that a runtime runs.
    pub fn root(run: &'a Run) -> Self {
        Self { run, up: None, node: NodeId::first(""), index: None }
    }

    /// Inside a node.
    pub fn inside(&'a self, node: NodeId) -> Self {
        Self { run: self.run, up: Some(self), node, index: None }
    }

    /// In one turn of a loop, or for one item of a map.
    pub fn turn(&'a self, node: NodeId, index: u32) -> Self {
        Self { run: self.run, up: Some(self), node, index: Some(index) }
    }

    /// The same node for the `times`-th time; the first time has no index.
    pub(crate) fn again(&self, times: u32) -> Self {
        Self { index: (times > 0).then_some(times), ..*self }
    }

    /// The workflow that this is a place of: neither the turns of a loop nor the items of a map are one.
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

    /// The nodes from the run to here, to come here again.
    pub(super) fn path(&self) -> Vec<(NodeId, Option<u32>)> {
        let (mut path, mut at) = (Vec::new(), self);
        while let Some(up) = at.up {
            path.push((at.node, at.index));
            at = up;
        }
        path.reverse();
        path
    }

    /// The path as text.
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

    /// The state of a type, for a workflow's own `#[state]` argument.
    ///
    /// # Errors
    ///
    /// The runtime has none; it has refused the workflow before, so only an engine at fault gets here.
    pub fn state<T: Held>(&self, name: &str) -> Result<Arc<T>> {
        let state = self.run.engine.state(TypeId::of::<T>()).and_then(|state| state.downcast().ok());
        state.ok_or_else(|| Error::new(ErrorKind::Setup, format!("the runtime has no state for `{name}`")))
    }
}

/// What a runtime can lend to its workflows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `#[state]`: a runtime lends it to workflows on several threads",
    label = "not `Send + Sync + 'static`",
    note = "hold what changes in a `Mutex`, and share with `Arc` in place of `Rc`",
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
