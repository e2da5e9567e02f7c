//! Paths through many workflows and through cycles of them.

use serde_json::Value;

use super::below::Below;
use super::reach::{Reach, Start};
use super::reviewed;
use crate::contract::Shape;
use crate::graph::{
    Argument, Contract, Edge, Effect, Graph, Kind, Limits, Meta, MetaPtr, Node, OnTimeout, Op, Policy, Source,
};

const ANY: Contract = Contract { shape: &Shape::Any, schema: |_| Value::Bool(true) };

const STEP: Meta = Meta {
    name: "step",
    id: "step",
    module: "tests",
    doc: "",
    file: "",
    line: 0,
    kind: Kind::Code,
    arguments: &[Argument { name: "value", position: 0, doc: "", contract: ANY }],
    states: &[],
    output: ANY,
    policy: Policy::PLAIN,
    graph: None,
};

static MODEL: Meta = Meta { name: "draft", kind: Kind::Model, ..STEP };
static SEND: Meta = Meta { name: "send", policy: Policy { effect: Effect::Irreversible, ..Policy::PLAIN }, ..STEP };
static UNREVIEWED: Meta =
    Meta { name: "force", policy: Policy { effect: Effect::Irreversible, unreviewed: true, ..Policy::PLAIN }, ..STEP };
static PERSON: Meta = Meta { name: "approve", kind: Kind::Human, ..STEP };
static SILENCE: Meta =
    Meta { name: "lax", kind: Kind::Human, policy: Policy { on_timeout: OnTimeout::Accept, ..Policy::PLAIN }, ..STEP };

const fn call(step: &'static Meta) -> Node {
    Node { name: None, ordinal: 1, step: MetaPtr::new(step), line: 0, model: None }
}

const fn edge(from: Source, to: u32) -> Edge {
    Edge { from, path: &[], to, position: 0, into: &[] }
}

const LIMITS: Limits = Limits { steps: None, model_calls: None, output_tokens: None, cost: None };

/// A chain of calls, each with the output of the one before; the first receives the argument.
macro_rules! chain {
    ($name:ident $line:expr, [$first:ident $(, $step:ident)*], [$($from:expr => $to:expr),*], $last:expr) => {
        static $name: Meta = Meta {
            name: stringify!($name),
            line: $line,
            kind: Kind::Workflow,
            graph: Some(&Graph {
                workflow: MetaPtr::new(&$name),
                nodes: &[call(&$first) $(, call(&$step))*],
                edges: &[edge(Source::Input("value"), 0) $(, edge(Source::Node($from), $to))*],
                structure: &[Op::Step(0) $(, Op::Step($to))*],
                output: &[Source::Node($last)],
                limits: LIMITS,
                version: 1, migrate: None,
                locked: false,
            }),
            ..STEP
        };
    };
}

chain!(WRITES 1, [MODEL, STEP_A], [0 => 1], 1);
chain!(PASSES 2, [STEP_A], [], 0);
chain!(SENDS 3, [STEP_A, SEND], [0 => 1], 1);
chain!(APPROVES 4, [PERSON], [], 0);
chain!(DIRECT 5, [MODEL, SEND], [0 => 1], 1);
chain!(FORCED 6, [MODEL, UNREVIEWED], [0 => 1], 1);
chain!(SEEN 7, [MODEL, PERSON, SEND], [0 => 1, 1 => 2], 2);
chain!(LAX 8, [MODEL, SILENCE, SEND], [0 => 1, 1 => 2], 2);
chain!(FAR 9, [WRITES, PASSES, SENDS], [0 => 1, 1 => 2], 2);
chain!(FAR_SEEN 10, [WRITES, APPROVES, SENDS], [0 => 1, 1 => 2], 2);
chain!(INPUT 11, [PASSES, SENDS], [0 => 1], 1);
static STEP_A: Meta = STEP;
static FALLS: Meta =
    Meta { name: "falls", policy: Policy { fallback: Some(MetaPtr::new(&SENDS)), ..Policy::PLAIN }, ..STEP };
chain!(BEHIND 14, [MODEL, FALLS], [0 => 1], 1);

// A cycle of two workflows, one of which writes while the other sends.
chain!(ROUND 12, [MODEL, TRIP], [0 => 1], 1);
chain!(TRIP 13, [SEND, ROUND], [0 => 1], 1);

/// The error text if a call's argument is rejected.
fn refusal(owner: &'static Meta, to: u32) -> Option<String> {
    let refused = std::panic::catch_unwind(|| reviewed(owner, to, 0)).err()?;
    Some(refused.downcast_ref::<String>().cloned().unwrap_or_default())
}

fn way(owner: &'static Meta, to: u32) -> Option<String> {
    let text = refusal(owner, to)?;
    Some(text.split('\n').find_map(|line| line.strip_prefix("  path: ")).unwrap_or("no way").to_owned())
}

#[test]
fn ways_lead_through_workflows() {
    assert_eq!(way(&DIRECT, 1).as_deref(), Some("`draft -> send(value)`"));
    assert_eq!(way(&LAX, 2).as_deref(), Some("`draft -> lax -> send(value)`"));
    let far = "`draft -> step -> WRITES -> PASSES -> SENDS(value) -> step -> send(value)`";
    assert_eq!(way(&FAR, 2).as_deref(), Some(far));
    let behind = "`draft -> falls(value) -> SENDS(value) -> step -> send(value)`";
    assert_eq!(way(&BEHIND, 1).as_deref(), Some(behind));
}

#[test]
fn what_was_seen_or_no_model_wrote_is_no_mistake() {
    for (owner, to) in [(&FORCED, 1), (&SEEN, 2), (&FAR_SEEN, 2), (&INPUT, 1), (&SENDS, 1), (&FAR, 0), (&FAR, 1)] {
        assert_eq!(way(owner, to), None, "{}", owner.name);
    }
}

#[test]
fn workflows_are_summed_up() {
    let mut below = Below::collect(&FAR);
    below.sum_up();
    let facts = |meta| (below.of(meta).writes, below.of(meta).passes, below.of(meta).sinks);
    assert_eq!(facts(&WRITES), (true, 0, 0));
    assert_eq!(facts(&PASSES), (false, 1, 0));
    assert_eq!(facts(&SENDS), (false, 1, 1));
    assert_eq!(below.of(&MODEL).passes, 0, "a step is no workflow");
}

#[test]
fn a_circle_ends_and_is_told_elsewhere() {
    let mut below = Below::collect(&ROUND);
    below.sum_up();
    assert!(below.of(&TRIP).sinks == 1 && below.of(&ROUND).sinks == 0);
    assert_eq!(way(&ROUND, 1), None);
}

/// Statics of workflows that each call the next one twice, one call with the output of the other.
macro_rules! doubling {
    ($name:ident $line:expr, $next:ident $($rest:ident)*) => {
        chain!($name $line, [$next, $next], [0 => 1], 1);
        doubling!($next $line + 1, $($rest)*);
    };
    ($name:ident $line:expr,) => {
        chain!($name $line, [STEP_A, SEND], [0 => 1], 0);
    };
}

doubling! { A0 100, A1 A2 A3 A4 A5 A6 A7 A8 A9 B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 C0 C1 C2 C3 C4 C5 C6 C7 C8 C9 END }

chain!(TOP 99, [MODEL, A0], [0 => 1], 1);

/// Const evaluation must finish in reasonable time.
#[test]
fn a_chain_that_doubles_thirty_times_is_summed_up_while_it_compiles() {
    const SINKS: u64 = {
        let mut below = Below::collect(&TOP);
        below.sum_up();
        below.of(&A0).sinks
    };
    const { assert!(SINKS == 1) };
    let graph = TOP.graph.expect("a workflow");
    let mut below = Below::collect(&TOP);
    below.sum_up();
    assert_eq!(Reach::of(graph, Start::Argument { node: 1, position: 0 }, &below).writer, Some(0));
}
