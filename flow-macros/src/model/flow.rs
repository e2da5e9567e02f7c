//! The body of a workflow: calls, control structure and data flow.

use std::ops::Range;

use proc_macro2::Span;
use syn::{Expr, Ident, LitStr, Path};

use super::{Function, JoinForm, Origin, Seg, Source};

pub(crate) struct Workflow {
    pub(crate) function: Function,
    pub(crate) id: Option<LitStr>,
    pub(crate) timeout: Option<u64>,
    pub(crate) max_steps: Option<(u64, Span)>,
    pub(crate) max_model_calls: Option<(u64, Span)>,
    pub(crate) max_output_tokens: Option<(u64, Span)>,
    /// In billionths of a dollar.
    pub(crate) max_cost: Option<u64>,
    pub(crate) version: u32,
    /// Takes over runs of earlier versions.
    pub(crate) migrate: Option<syn::Path>,
    pub(crate) lock: Option<Lock>,
    /// Unchecked edges are errors.
    pub(crate) strict: bool,
    /// The workflow may handle an error and return `Ok` without undoing its finished steps.
    pub(crate) keeps_effects: bool,
    pub(crate) flow: Flow,
}

/// The option `lock` and the contents of its file.
pub(crate) struct Lock {
    pub(crate) span: Span,
    /// `None` if there is nothing to compare with; the message if the file cannot be read.
    pub(crate) file: Result<Option<LockFile>, String>,
}

pub(crate) struct LockFile {
    /// The absolute path, so that cargo tracks the file.
    pub(crate) path: String,
    pub(crate) lock: flow_base::lock::Lock,
}

impl Workflow {
    /// Whether the graph has a limit, so that every repetition needs a bound.
    pub(crate) fn is_limited(&self) -> bool {
        [self.max_steps, self.max_model_calls, self.max_output_tokens].iter().any(Option::is_some)
    }

    /// Whether unused outputs and unreachable steps are errors.
    pub(crate) fn is_spare(&self) -> bool {
        self.lock.is_some() || self.strict
    }
}

pub(crate) struct Flow {
    /// The body; calls, maps, joins and findings that are replaced are placeholders that name them by index.
    pub(crate) body: syn::Block,
    pub(crate) nodes: Vec<Node>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) maps: Vec<Map>,
    pub(crate) joins: Vec<Join>,
    /// Constants used as bounds or concurrency limits.
    pub(crate) counts: Vec<NamedCount>,
    pub(crate) structure: Vec<Op>,
    /// The sources of the workflow's output.
    pub(crate) output: Vec<Source>,
    /// Indices of calls whose output is never used.
    pub(crate) unread: Vec<usize>,
    /// Indices of unreachable calls, one range per place where control always leaves.
    pub(crate) unreachable: Vec<Range<usize>>,
    /// Indices of calls whose `Result` is dropped by a statement.
    pub(crate) dropped: Vec<usize>,
    /// Arms that handle an error and end the workflow with `Ok`.
    pub(crate) kept: Vec<Kept>,
    /// Variables that hold a call and are awaited apart from it.
    pub(crate) settled: Vec<String>,
    /// Variables whose value is used, so they cannot hold a call that is not awaited.
    pub(crate) used: Vec<String>,
}

/// An awaited call.
pub(crate) struct Node {
    pub(crate) path: Path,
    pub(crate) arguments: Vec<Passed>,
    /// `.model(…)` and `.timeout(…)` after the call, in order.
    pub(crate) options: Vec<(Ident, Expr)>,
    /// `.id("…")` after the call.
    pub(crate) name: Option<LitStr>,
    /// Counts the calls with this name, from 1.
    pub(crate) ordinal: u32,
    /// The last token: `await`, or the last token of the call in a branch of `join!`.
    pub(crate) end: Span,
    /// The innermost `join!`, `try_join!`, `race_ok!` or `map` around it, whose other branches or items run concurrently.
    pub(crate) beside: Option<&'static str>,
    /// It is in a branch of a `race_ok!`, which is dropped if another one succeeds first.
    pub(crate) races: bool,
    /// Indices of the findings in its arguments.
    pub(crate) findings: Range<usize>,
}

/// An arm that handles an error and ends the workflow with `Ok`.
pub(crate) struct Kept {
    /// The tokens to report at: a pattern, a method, or `else`.
    pub(crate) at: proc_macro2::TokenStream,
    /// Indices of calls that may have finished before it, each with the calls without arguments that have finished since,
    /// once per path to the end of the workflow.
    pub(crate) calls: Vec<(usize, Vec<usize>)>,
}

/// An argument of a call.
pub(crate) struct Passed {
    pub(crate) value: Expr,
    pub(crate) origin: Origin,
}

/// A number in the graph.
#[derive(Clone, Copy)]
pub(crate) enum Count {
    Literal(u32),
    /// An index into [`Flow::counts`].
    Named(usize),
}

/// A constant declared outside the body.
pub(crate) struct NamedCount {
    pub(crate) path: Path,
    /// The iterations of the loop it bounds, if known.
    pub(crate) turns: Option<u32>,
}

pub(crate) struct Loop {
    pub(crate) id: &'static str,
    pub(crate) ordinal: u32,
    /// The head as written, for display.
    pub(crate) head: String,
    pub(crate) bound: Option<Count>,
    /// Reaching the bound ends the loop instead of failing the run.
    pub(crate) leaves: bool,
    /// The loop can end without a `break`: its condition fails, its items run out, or its bound ends it.
    pub(crate) ends: bool,
    /// The bound was written, so it is checked at run time; the iterations of `0..3` need no check.
    pub(crate) checked: bool,
}

pub(crate) struct Map {
    pub(crate) ordinal: u32,
    pub(crate) items: Expr,
    /// The items as written, for display.
    pub(crate) over: String,
    /// `None` until the closure is read, after the options.
    pub(crate) closure: Option<syn::ExprClosure>,
    pub(crate) concurrency: Option<Count>,
    pub(crate) bound: Option<Count>,
    pub(crate) settle: bool,
    pub(crate) span: Span,
}

pub(crate) struct Join {
    pub(crate) form: JoinForm,
    /// Counts the races of the workflow, from 1.
    pub(crate) ordinal: u32,
    pub(crate) branches: Vec<Expr>,
    pub(crate) span: Span,
}

/// One element of the control structure.
pub(crate) enum Op {
    Step(usize),
    Open(Block),
    Arm(String),
    Close,
    /// The rest of its arm is not executed.
    Leave(Leave),
}

/// A jump. Blocks are counted outwards; the innermost is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// To the code after a block.
    Break(usize),
    /// To the next iteration of a block.
    Continue(usize),
    /// To the end of the innermost workflow, `map` item or `join!` branch.
    End(Ending),
}

/// What a path ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Ok,
    Error,
    /// A `Result` that is only known at run time.
    Either,
}

pub(crate) enum Block {
    Branch {
        on: String,
    },
    Parallel,
    /// An index into [`Flow::joins`].
    Race(usize),
    /// A labelled block.
    Labelled(String),
    Loop(usize),
    Map(usize),
}

/// A value that flows into a call.
pub(crate) struct Edge<'a> {
    /// `Traced` or `Lost`.
    pub(crate) from: &'a Origin,
    /// The index of the call.
    pub(crate) to: usize,
    /// The argument it flows into, and the path within that argument.
    pub(crate) argument: &'a Passed,
    pub(crate) position: usize,
    pub(crate) into: Vec<Seg>,
}

impl Flow {
    /// Returns one edge per value in an argument, in graph order.
    pub(crate) fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.nodes.iter().enumerate().flat_map(|(to, node)| {
            node.arguments.iter().enumerate().flat_map(move |(position, argument)| {
                let leaves = argument.origin.leaves().into_iter();
                leaves.map(move |(into, from)| Edge { from, to, argument, position, into })
            })
        })
    }
}
