//! The blocks around a position in a body, and whether control reaches it.

use super::arms::{Arms, Tail};

/// The control-flow state at the reader's position.
#[derive(Default)]
pub(super) struct Ways {
    /// The open blocks, innermost last; each is an `Open` in the structure.
    pub(super) frames: Vec<Frame>,
    /// Set if the position is unreachable: the number of the jump that made it so.
    pub(super) gone: Option<usize>,
    pub(super) times: usize,
    /// The jump before the last unreachable call.
    pub(super) behind: Option<usize>,
    /// The role of the next expression in the function.
    pub(super) tail: Tail,
    /// The role of the value of the enclosing expression in the function.
    pub(super) part_of: Tail,
    /// The role of the value that `break` takes out of the next block.
    pub(super) broken: Tail,
    /// An error of the next expression ends the function.
    pub(super) tried: bool,
    /// The number of blocks that are drawn although they contain no steps.
    pub(super) shown: usize,
    /// The arms that handle an error.
    pub(super) arms: Arms,
}

/// An open block.
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) label: Option<String>,
    /// The role of a `break`'s value in the function.
    pub(super) broken: Tail,
    pub(super) gone_before: Option<usize>,
    /// The code after the block is reachable.
    pub(super) goes_on: bool,
    /// A `continue` leads to another iteration.
    pub(super) continues: bool,
    pub(super) parts: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of the arms is taken.
    Branch,
    /// The same in a loop without steps.
    Repeated,
    /// A loop around steps; `ends` if it can end without a `break`.
    Loop { ends: bool },
    /// A labelled block.
    Labelled,
    /// The arms are separate functions: items of a map or branches of a `join!`. `kept` if the workflow outlives a failure.
    Functions { kept: bool },
}

impl Ways {
    /// The kinds of the open blocks, outermost first.
    pub(super) fn kinds(&self) -> impl DoubleEndedIterator<Item = Kind> {
        self.frames.iter().map(|frame| frame.kind)
    }
}

impl Kind {
    pub(super) fn is_loop(self) -> bool {
        matches!(self, Self::Repeated | Self::Loop { .. })
    }

    pub(super) fn is_function(self) -> bool {
        matches!(self, Self::Functions { .. })
    }
}
