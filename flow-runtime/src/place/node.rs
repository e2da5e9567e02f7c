//! Nodes of a graph.

use std::fmt;

/// A node within its workflow: the step's id, and the ordinal of this call, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId {
    /// The id of the step, or the name given to the call.
    pub id: &'static str,
    /// The ordinal of the call among the calls of that step, in source order.
    pub ordinal: u32,
}

/// The node of the turns of a conversation with tools: `resolve/turn[2]/find_order`.
pub(crate) const TURN: &str = "turn";

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
