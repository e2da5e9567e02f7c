//! The body of a workflow: calls, control structure and the way of each value.

use proc_macro2::Span;
use syn::{Expr, Ident, LitStr, Path};

use super::Function;

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
    /// What it promises is written down.
    pub(crate) lock: Option<Lock>,
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
    pub(crate) lock: flow_lock::Lock,
}

/// What happens in the body of a workflow.
pub(crate) struct Flow {
    /// The body; calls, loops, maps and joins are replaced by placeholders that name them by index.
    pub(crate) body: syn::Block,
    pub(crate) nodes: Vec<Node>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) maps: Vec<Map>,
    pub(crate) joins: Vec<Join>,
    pub(crate) structure: Vec<Op>,
    /// What the workflow's output is made of.
    pub(crate) output: Vec<Source>,
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
}

/// A value given to a call.
pub(crate) struct Passed {
    pub(crate) value: Expr,
    pub(crate) origin: Origin,
    /// All that it is made of, changes in place and plain code included.
    pub(crate) made_of: Vec<Source>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// It holds no value of a step: a literal, a state.
    Nothing,
    /// Plain code made it of these values.
    Lost(Vec<Trace>),
    /// One of these values, or a part of it.
    Traced(Vec<Trace>),
    /// A tuple of values.
    Tuple(Vec<Origin>),
}

/// A value, and the part of it that is meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trace {
    pub(crate) source: Source,
    pub(crate) path: Vec<Seg>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    /// The argument of the workflow with this position.
    Input(usize),
    /// The output of a node.
    Node(usize),
    /// A local variable, while the body is being read.
    Binding(usize),
}

/// One step of a path into a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seg {
    Field(String),
    Index(usize),
    Item,
    Some,
    /// The content of a variant, or of a struct with this name: position or field.
    Payload(String, String),
}

pub(crate) struct Loop {
    pub(crate) id: &'static str,
    pub(crate) ordinal: u32,
    /// The head as written, for people.
    pub(crate) head: String,
    pub(crate) bound: Option<u32>,
    /// Past the bound the loop is left instead of the run failing.
    pub(crate) leaves: bool,
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
    pub(crate) concurrency: Option<u32>,
    pub(crate) bound: Option<u32>,
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
}

pub(crate) enum Block {
    Branch { on: String },
    Parallel,
    Loop(usize),
    Map(usize),
}

impl Origin {
    /// The part of the value that a segment leads to.
    pub(crate) fn part(self, seg: Seg) -> Self {
        match (self, seg) {
            (Self::Traced(traces), seg) => Self::Traced(
                traces
                    .into_iter()
                    .map(|mut trace| {
                        trace.path.push(seg.clone());
                        trace
                    })
                    .collect(),
            ),
            (Self::Tuple(parts), Seg::Index(index)) => parts.into_iter().nth(index).unwrap_or(Self::Lost(Vec::new())),
            (Self::Nothing, _) => Self::Nothing,
            (other, _) => Self::Lost(other.traces()),
        }
    }

    /// Either of two values.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Traced(a), Self::Traced(b)) => Self::Traced(united(a, b)),
            (Self::Tuple(a), Self::Tuple(b)) if a.len() == b.len() => {
                Self::Tuple(a.into_iter().zip(b).map(|(a, b)| a.or(b)).collect())
            }
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (a, b) => Self::Lost(united(a.traces(), b.traces())),
        }
    }

    /// What plain code makes of values: its origin is lost if anything in it had one.
    pub(crate) fn mixed(parts: impl IntoIterator<Item = Self>) -> Self {
        let parts = parts.into_iter().filter(|part| *part != Self::Nothing);
        let lost = |whole: Self, part: Self| Self::Lost(united(whole.traces(), part.traces()));
        parts.fold(Self::Nothing, lost)
    }

    /// Every value in it.
    pub(crate) fn traces(self) -> Vec<Trace> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Lost(traces) | Self::Traced(traces) => traces,
            Self::Tuple(parts) => parts.into_iter().map(Self::traces).fold(Vec::new(), united),
        }
    }

    pub(crate) fn node(index: usize) -> Self {
        Self::Traced(vec![Trace { source: Source::Node(index), path: Vec::new() }])
    }
}

fn united(mut a: Vec<Trace>, b: Vec<Trace>) -> Vec<Trace> {
    for trace in b {
        if !a.contains(&trace) {
            a.push(trace);
        }
    }
    a
}
