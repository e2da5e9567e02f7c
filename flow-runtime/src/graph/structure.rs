//! The control structure of a workflow.

use crate::place::NodeId;

/// One element of the control structure.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// The call of a node.
    Step(u32),
    /// The start of a block.
    Open(Block),
    /// The start of one part of a block: an arm of a branch, a branch of a parallel block, the condition or the body of a loop.
    Arm(&'static str),
    /// The end of the innermost block.
    Close,
    /// Control leaves; nothing after it in its part is executed.
    Leave(Leave),
}

/// Where control goes when it leaves. Blocks are counted from the innermost enclosing one, which is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// After a block.
    Break(u32),
    /// Back to the head of a block: a loop, or a branch whose code repeats without executing steps.
    Continue(u32),
    /// To the end of the workflow, of the item of a map or of the part of a parallel block, whichever is innermost.
    End(Ending),
}

/// How a path ends, as far as the code shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `Ok(…)`
    Ok,
    /// `Err(…)`, `bail!`, or a panic.
    Error,
    /// A `Result` that is only known at run time.
    Either,
}

/// A block of the control structure.
#[derive(Clone, Copy, Debug)]
pub enum Block {
    /// One arm is taken.
    Branch {
        /// The condition, as written.
        on: &'static str,
    },
    /// All parts run at once.
    Parallel,
    /// All branches run at once, until one succeeds. The label of each is its place in the workflow: `race[0]`.
    Race {
        /// The id within the workflow.
        id: NodeId,
    },
    /// A labelled block: one part, which `break` may leave.
    Labelled {
        /// The label, as written.
        label: &'static str,
    },
    /// A loop: two parts, the condition and the body.
    Loop {
        /// The id within the workflow.
        id: NodeId,
        /// The loop's head, as written.
        head: &'static str,
        /// The maximum number of iterations, if known.
        bound: Option<u32>,
        /// Whether control continues after the loop without a `break`: because its condition fails, its items run out, or its
        /// bound leaves it.
        ends: bool,
    },
    /// A map: the body runs once per item, several at once.
    Map {
        /// The id within the workflow.
        id: NodeId,
        /// The items, as written.
        over: &'static str,
        /// The maximum number of items, if known.
        bound: Option<u32>,
        /// The maximum number of items at once.
        concurrency: u32,
    },
}
