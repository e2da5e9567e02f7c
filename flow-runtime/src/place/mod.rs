//! Places: paths through the graph, with the index of each turn and item.

mod id;
mod node;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::id::{RunId, uuid_v4};
pub use self::node::NodeId;
pub(crate) use node::TURN;

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

    /// A path that is already formatted.
    pub(crate) fn of(path: String) -> Self {
        Self(path)
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

    /// Returns the place of one round, item or branch of the node at this place.
    pub(crate) fn nth(&self, index: u32) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// Returns whether this place is in a branch of the race at `race` other than `branch`.
    pub(crate) fn has_lost(&self, race: &Self, branch: u32) -> bool {
        self.is_within(race) && !self.is_within(&race.nth(branch))
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
