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
    pub(crate) flow: Flow,
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
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// It holds no value of a step: a literal, a state.
    Nothing,
    /// Plain code made it of values that came from steps.
    Lost,
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

#[derive(Clone, Debug, PartialEq)]
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
            (Self::Tuple(parts), Seg::Index(index)) => parts.into_iter().nth(index).unwrap_or(Self::Lost),
            (Self::Nothing, _) => Self::Nothing,
            _ => Self::Lost,
        }
    }

    /// Either of two values.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Traced(mut a), Self::Traced(b)) => {
                a.extend(b.into_iter().filter(|trace| !a.contains(trace)).collect::<Vec<_>>());
                Self::Traced(a)
            }
            (Self::Tuple(a), Self::Tuple(b)) if a.len() == b.len() => {
                Self::Tuple(a.into_iter().zip(b).map(|(a, b)| a.or(b)).collect())
            }
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            _ => Self::Lost,
        }
    }

    pub(crate) fn node(index: usize) -> Self {
        Self::Traced(vec![Trace { source: Source::Node(index), path: Vec::new() }])
    }
}
