//! The body of a workflow: calls, control structure and the way of each value.

use proc_macro2::Span;
use syn::{Expr, Ident, LitStr, Path};

use super::{Function, Origin, Seg, Source};

pub(crate) struct Workflow {
    pub(crate) function: Function,
    pub(crate) id: Option<LitStr>,
    pub(crate) timeout: Option<u64>,
    pub(crate) max_steps: Option<(u64, Span)>,
    pub(crate) max_model_calls: Option<(u64, Span)>,
    pub(crate) max_output_tokens: Option<(u64, Span)>,
    /// In billionths of a dollar.
    pub(crate) max_cost: Option<u64>,
    /// Which of several promises it keeps.
    pub(crate) version: u32,
    /// What takes over runs of earlier versions.
    pub(crate) migrate: Option<syn::Path>,
    /// What it promises is written down.
    pub(crate) lock: Option<Lock>,
    /// No edge may be unchecked.
    pub(crate) strict: bool,
    /// It may handle an error and end well without undoing what it has done.
    pub(crate) keeps_effects: bool,
    pub(crate) flow: Flow,
}

/// The option `lock`, and what stands in the file.
pub(crate) struct Lock {
    pub(crate) span: Span,
    /// The file as it is; none where there is nothing to compare with.
    pub(crate) found: Option<LockFile>,
}

/// A lock that was read.
pub(crate) struct LockFile {
    /// The whole path, so that cargo hears of changes.
    pub(crate) path: String,
    pub(crate) lock: flow_base::lock::Lock,
}

impl Workflow {
    /// Nothing in it may be in vain.
    pub(crate) fn is_spare(&self) -> bool {
        self.lock.is_some() || self.strict
    }
}

/// What happens in the body of a workflow.
pub(crate) struct Flow {
    /// The body; calls, loops, maps and joins are replaced by placeholders that name them by index.
    pub(crate) body: syn::Block,
    pub(crate) nodes: Vec<Node>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) maps: Vec<Map>,
    pub(crate) joins: Vec<Join>,
    /// The constants that bounds name.
    pub(crate) counts: Vec<NamedCount>,
    pub(crate) structure: Vec<Op>,
    /// What the workflow's output is made of.
    pub(crate) output: Vec<Source>,
    /// The calls whose output nobody reads, by index.
    pub(crate) unread: Vec<usize>,
    /// The calls that no run comes to, by index: those behind one thing that always leaves, together.
    pub(crate) unreachable: Vec<std::ops::Range<usize>>,
    /// The calls whose result a statement throws away, by index.
    pub(crate) dropped: Vec<usize>,
    /// The arms that handle an error and end the workflow with `Ok`.
    pub(crate) kept: Vec<Kept>,
    /// Variables about which this macro says already that they hold a call which nobody awaits.
    pub(crate) settled: Vec<String>,
    /// Variables whose value is used, as a call's that nobody awaits cannot be.
    pub(crate) used: Vec<String>,
    /// Nothing in the body was refused, so that what is computed over the graph means something.
    pub(crate) complete: bool,
}

/// An awaited call.
pub(crate) struct Node {
    /// The function.
    pub(crate) path: Path,
    pub(crate) arguments: Vec<Passed>,
    /// `.model(…)` and `.timeout(…)` after the call, in order.
    pub(crate) options: Vec<(Ident, Expr)>,
    /// `.id("…")` after the call.
    pub(crate) name: Option<LitStr>,
    /// Which call of that name this is, from 1.
    pub(crate) ordinal: u32,
    /// The last token: `await`, or the call's own in a branch of `join!`.
    pub(crate) end: Span,
    /// The form whose branches or items run beside it.
    pub(crate) beside: Option<&'static str>,
    /// Something in its arguments was refused, so that nothing more is said of what it calls.
    pub(crate) refused: bool,
}

/// An arm that handles an error and ends the workflow with `Ok`.
pub(crate) struct Kept {
    /// The tokens at which it is told: a pattern, or `else`.
    pub(crate) at: proc_macro2::TokenStream,
    /// The calls that may have finished before it, by index, each with the calls without arguments that have finished after it: once
    /// for each way to the end of the workflow.
    pub(crate) calls: Vec<(usize, Vec<usize>)>,
}

/// A value given to a call.
pub(crate) struct Passed {
    pub(crate) value: Expr,
    pub(crate) origin: Origin,
}

/// A number that the graph holds.
#[derive(Clone, Copy)]
pub(crate) enum Count {
    Literal(u32),
    /// A constant, by its index.
    Named(usize),
}

/// A constant from outside the body.
pub(crate) struct NamedCount {
    pub(crate) path: Path,
    /// How often the loop turns that it bounds, where that is known.
    pub(crate) turns: Option<u32>,
}

pub(crate) struct Loop {
    pub(crate) id: &'static str,
    pub(crate) ordinal: u32,
    /// The head as written, for people.
    pub(crate) head: String,
    pub(crate) bound: Option<Count>,
    /// Past the bound the loop is left instead of the run failing.
    pub(crate) leaves: bool,
    /// Control goes on behind it without a `break`: its condition fails, its items run out, or its bound leaves it.
    pub(crate) ends: bool,
    /// The bound was written, so it is checked at run time; the turns of `0..3` need no check.
    pub(crate) checked: bool,
}

pub(crate) struct Map {
    pub(crate) ordinal: u32,
    pub(crate) items: Expr,
    /// The items as written, for people.
    pub(crate) over: String,
    /// Read after the options.
    pub(crate) closure: Option<syn::ExprClosure>,
    pub(crate) concurrency: Option<Count>,
    pub(crate) bound: Option<Count>,
    pub(crate) settle: bool,
    pub(crate) span: Span,
}

pub(crate) struct Join {
    /// `try_join!` rather than `join!`.
    pub(crate) fallible: bool,
    pub(crate) branches: Vec<Expr>,
    pub(crate) span: Span,
}

/// One element of the control structure.
pub(crate) enum Op {
    Step(usize),
    Open(Block),
    Arm(String),
    Close,
    /// Nothing that stands behind it in its part is executed.
    Leave(Leave),
}

/// Where control goes instead of on. Blocks are counted from the innermost one, which is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Behind a block.
    Break(usize),
    /// To the start of a block, for its next turn.
    Continue(usize),
    /// To the end of the workflow, of the item of a map or of the branch of a `join!`, whichever is innermost.
    End(Ending),
}

/// What a way ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Ok,
    Error,
    /// A `Result` that is known at run time.
    Either,
}

pub(crate) enum Block {
    Branch {
        on: String,
    },
    Parallel,
    /// A block with a label, which `break` may leave.
    Labelled(String),
    Loop(usize),
    Map(usize),
}

/// A value on its way into a call.
pub(crate) struct Edge<'a> {
    /// A value, or a loss.
    pub(crate) from: &'a Origin,
    /// The call, by index.
    pub(crate) to: usize,
    /// Which of its arguments it goes into, and the place in that.
    pub(crate) argument: &'a Passed,
    pub(crate) position: usize,
    pub(crate) into: Vec<Seg>,
}

impl Flow {
    /// One edge for each value in an argument, in the order of the graph.
    pub(crate) fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.nodes.iter().enumerate().flat_map(|(to, node)| {
            node.arguments.iter().enumerate().flat_map(move |(position, argument)| {
                let leaves = argument.origin.leaves().into_iter();
                leaves.map(move |(into, from)| Edge { from, to, argument, position, into })
            })
        })
    }
}
