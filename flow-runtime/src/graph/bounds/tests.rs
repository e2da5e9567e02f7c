//! Chains of workflows with shared sub-workflows.

use serde_json::Value;

use super::{Bounds, Measure, Terms, unless_circle};
use crate::contract::Shape;
use crate::graph::{
    Block, Contract, Graph, Kind, Leave, Limits, Meta, MetaPtr, Node, OnToolError, Op, Policy, Tool, Tools,
};

const STEP: Meta = Meta {
    name: "step",
    id: "step",
    module: "tests",
    doc: "",
    file: "",
    line: 0,
    kind: Kind::Code,
    arguments: &[],
    states: &[],
    output: Contract { shape: &Shape::Any, schema: |_| Value::Bool(true) },
    policy: Policy::PLAIN,
    graph: None,
};

const fn call(step: &'static Meta, ordinal: u32) -> Node {
    Node { name: None, ordinal, step: MetaPtr::new(step), line: 0, model: None }
}

/// Statics of workflows that each call the next one twice.
macro_rules! doubling {
    ($name:ident $line:expr, $next:ident $($rest:ident)*) => {
        static $name: Meta = Meta {
            name: stringify!($name),
            line: $line,
            kind: Kind::Workflow,
            graph: Some(&Graph {
                workflow: MetaPtr::new(&$name),
                nodes: &[call(&$next, 1), call(&$next, 2)],
                edges: &[],
                structure: &[Op::Step(0), Op::Step(1)],
                output: &[],
               limits: Limits { steps: None, model_calls: None, output_tokens: None, cost: None }, version: 1, migrate: None, locked: false,
            }),
            ..STEP
        };
        doubling!($next $line + 1, $($rest)*);
    };
    ($name:ident $line:expr,) => {
        static $name: Meta = STEP;
    };
}

doubling! {
    A0 1, A1 A2 A3 A4 A5 A6 A7 A8 A9 B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 C0 C1 C2 C3 C4 C5 C6 C7 C8 C9 D0 D1 D2 D3 D4 D5 D6 D7 D8 D9 END
}

#[test]
fn a_chain_that_doubles_forty_times_is_walked_once_while_it_compiles() {
    const FOUND: Bounds = A0.bounds();
    const CIRCLE: bool = unless_circle(&A0).is_none();
    assert_eq!((FOUND.max_steps, FOUND.max_parallel), (Some(1 << 40), Some(1)));
    const { assert!(!CIRCLE) };
}

const fn tool(step: &'static Meta) -> Tool {
    Tool { step: MetaPtr::new(step), states: &[], id: None, bound: &[] }
}

/// Statics of steps that each have the next one as a tool four times, and call one once.
macro_rules! agents {
    ($name:ident $line:expr, $next:ident $($rest:ident)*) => {
        static $name: Meta = Meta {
            name: stringify!($name),
            line: $line,
            policy: Policy {
                tools: Some(&Tools {
                    tools: &[tool(&$next), tool(&$next), tool(&$next), tool(&$next)],
                    max_turns: 2,
                    max_tool_calls: Some(1),
                    on_error: OnToolError::Tell,
                }),
                ..Policy::PLAIN
            },
            ..STEP
        };
        agents!($next $line + 1, $($rest)*);
    };
    ($name:ident $line:expr,) => {
        static $name: Meta = STEP;
    };
}

agents! { T0 100, T1 T2 T3 T4 T5 T6 T7 }

#[test]
fn tools_of_tools_are_computed_once_while_it_compiles() {
    const FOUND: Bounds = T0.bounds();
    assert_eq!((FOUND.max_steps, FOUND.max_model_calls, FOUND.max_parallel), (Some(8), Some(0), Some(1)));
}

/// A step whose fallback is a workflow that calls the same step.
static STUBBORN: Meta =
    Meta { name: "stubborn", policy: Policy { fallback: Some(MetaPtr::new(&RING)), ..Policy::PLAIN }, ..STEP };

static RING: Meta = Meta {
    name: "ring",
    kind: Kind::Workflow,
    graph: Some(&Graph {
        workflow: MetaPtr::new(&RING),
        nodes: &[call(&STUBBORN, 1)],
        edges: &[],
        structure: &[Op::Step(0)],
        output: &[],
        limits: Limits { steps: None, model_calls: None, output_tokens: None, cost: None },
        version: 1,
        migrate: None,
        locked: false,
    }),
    ..STEP
};

#[test]
fn a_circle_through_a_fallback_leaves_the_worst_case_unknown() {
    let found = RING.bounds();
    assert_eq!((found.max_steps, found.max_model_calls), (Some(1), None));
}

#[test]
fn a_workflow_that_is_called_again_and_again_has_its_terms_once() {
    // 40 workflows with two calls each; all but the first have a heading.
    assert_eq!(Terms::<256>::of(&A0, Measure::Steps).len(), 40 * 2 + 39);
    const SHORT: usize = Terms::<8>::of(&A0, Measure::Steps).len();
    const { assert!(SHORT > 8) };
}

static ROUTED: Meta = Meta {
    name: "routed",
    line: 77,
    kind: Kind::Workflow,
    graph: Some(&Graph {
        workflow: MetaPtr::new(&ROUTED),
        nodes: &[call(&STEP_ONE, 1), call(&STEP_ONE, 2), call(&STEP_ONE, 3), call(&STEP_ONE, 4)],
        edges: &[],
        structure: &[
            Op::Open(Block::Branch { on: "match kind" }),
            Op::Arm("a"),
            Op::Step(0),
            Op::Arm("b"),
            Op::Step(1),
            Op::Step(2),
            Op::Arm("c"),
            Op::Step(3),
            Op::Close,
            Op::Open(Block::Branch { on: "if done" }),
            Op::Arm("true"),
            Op::Arm("false"),
            Op::Close,
        ],
        output: &[],
        limits: Limits { steps: None, model_calls: None, output_tokens: None, cost: None },
        version: 1,
        migrate: None,
        locked: false,
    }),
    ..STEP
};

static STEP_ONE: Meta = STEP;

#[test]
fn of_a_branch_the_largest_arm_is_shown_and_an_empty_branch_is_not() {
    let terms = Terms::<64>::of(&ROUTED, Measure::Steps);
    let lines: Vec<String> = (0..terms.len()).map(|at| terms.line(at).to_string()).collect();
    assert_eq!(lines, ["largest arm of `match kind`: `b` = 2", "  step.2 = 1", "  step.3 = 1"]);
}

/// Nested blocks, each followed by a step; the innermost has a step before each exit to every enclosing block.
fn nested(blocks: u32) -> &'static Meta {
    let label = Block::Labelled { label: "'block" };
    let mut structure: Vec<Op> = (0..blocks).flat_map(|_| [Op::Open(label), Op::Arm("")]).collect();
    for around in 0..blocks {
        let branch = [Op::Open(Block::Branch { on: "if done" }), Op::Arm("then"), Op::Step(0)];
        // The branch is a block as well.
        structure.extend(branch.into_iter().chain([Op::Leave(Leave::Break(around + 1)), Op::Arm("else"), Op::Close]));
    }
    structure.extend((0..blocks).flat_map(|_| [Op::Close, Op::Step(0)]));
    let graph = Graph { structure: structure.leak(), ..*ROUTED.graph.expect("a graph") };
    let graph = Some(&*Box::leak(Box::new(graph)));
    Box::leak(Box::new(Meta { name: "nested", line: 78 + blocks, kind: Kind::Workflow, graph, ..STEP }))
}

#[test]
fn a_way_that_cannot_be_told_apart_costs_no_less() {
    // Out of the innermost block by its own exit, then everything after it.
    assert_eq!(nested(60).bounds().max_steps, Some(1 + 60));
    let steps = nested(100).bounds().max_steps;
    assert!(steps >= Some(1 + 100) && steps <= Some(100 + 100), "{steps:?}");
}
