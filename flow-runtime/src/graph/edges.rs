//! The data edges of a workflow.

use crate::contract::Seg;

/// A value passed from one node to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Where the value comes from.
    pub from: Source,
    /// The part of the value that is passed.
    pub path: &'static [Seg],
    /// The node that receives it.
    pub to: u32,
    /// The position of the argument in its call.
    pub position: usize,
    /// The part of the argument that it fills: a field of a struct built in the body, an item of a list.
    pub into: &'static [Seg],
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An argument of the workflow.
    Input(&'static str),
    /// The output of a node.
    Node(u32),
    /// Plain code between steps, in which the origin is lost: only the type is checked, and it is unknown which part of which
    /// value is passed.
    Lost(&'static Loss),
}

/// A value that plain code computes from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The values it is computed from.
    pub made_of: &'static [Source],
    /// The code, as written.
    pub code: &'static str,
    /// Its line.
    pub line: u32,
}
