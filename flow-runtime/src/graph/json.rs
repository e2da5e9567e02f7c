//! The graph as JSON.

use serde_json::{Value, json};

use super::facts::Fact;
use super::{Block, Bounds, Edge, Ending, Graph, Leave, Meta, Node, Op, Source, kind_name};
use crate::contract::{Direction, Seg};

pub(super) fn render(meta: &'static Meta) -> Value {
    let mut value = step(meta);
    let Some(graph) = meta.graph else { return value };
    value["graph"] = json!({
        "nodes": graph.nodes.iter().map(node).collect::<Vec<_>>(),
        "structure": parts(graph, &mut 0),
        "edges": graph.edges.iter().map(|edge| render_edge(graph, edge)).collect::<Vec<_>>(),
        "output": graph.output.iter().map(|from| source(graph, from)).collect::<Vec<_>>(),
        "bounds": bounds(meta.bounds()),
    });
    value
}

/// A step, or a workflow without its graph.
fn step(meta: &'static Meta) -> Value {
    let arguments: serde_json::Map<_, _> = meta
        .arguments
        .iter()
        .map(|argument| (argument.name.to_owned(), (argument.contract.schema)(Direction::Read)))
        .collect();
    json!({
        "name": meta.name,
        "id": meta.id,
        "module": meta.module,
        "kind": kind_name(meta.kind),
        "description": meta.doc,
        "source": format!("{}:{}", meta.file, meta.line),
        "arguments": arguments,
        "output": (meta.output.schema)(Direction::Write),
        "policy": policy(meta.policy.facts()),
    })
}

fn policy(facts: impl IntoIterator<Item = Fact>) -> Value {
    facts.into_iter().map(|fact| (fact.name.to_owned(), fact.json)).collect()
}

fn node(node: &Node) -> Value {
    let meta = node.step.get();
    json!({
        "id": node.id().to_string(),
        "step": meta.name,
        "kind": kind_name(meta.kind),
        "gates": meta.policy.gate_ids(),
        "model": node.model.map(|model| model.id()),
        "line": node.line,
        "policy": policy(meta.policy.set_facts()),
    })
}

/// The elements of one block, up to its end.
fn parts(graph: &Graph, at: &mut usize) -> Vec<Value> {
    let mut all = Vec::new();
    while let Some(op) = graph.structure.get(*at) {
        match op {
            Op::Step(index) => all.push(json!({ "step": graph.nodes[*index as usize].id().to_string() })),
            Op::Open(block) => {
                *at += 1;
                all.push(render_block(graph, block, at));
                continue;
            }
            Op::Leave(way) => all.push(leave(*way)),
            Op::Arm(_) | Op::Close => break,
        }
        *at += 1;
    }
    all
}

fn render_block(graph: &Graph, block: &Block, at: &mut usize) -> Value {
    let mut arms = Vec::new();
    while let Some(Op::Arm(label)) = graph.structure.get(*at) {
        *at += 1;
        arms.push((label, parts(graph, at)));
    }
    *at += 1;
    let labelled = |arms: Vec<(&&'static str, Vec<Value>)>| -> Vec<Value> {
        arms.into_iter().map(|(label, steps)| json!({ "label": label, "steps": steps })).collect()
    };
    match block {
        Block::Branch { on } => json!({ "branch": { "on": on, "arms": labelled(arms) } }),
        Block::Parallel => json!({ "parallel": labelled(arms) }),
        Block::Race { id } => json!({ "race": { "id": id.to_string(), "branches": labelled(arms) } }),
        Block::Labelled { label } => json!({ "block": { "label": label, "parts": labelled(arms) } }),
        Block::Loop { id, head, bound, ends } => json!({
            "loop": { "id": id.to_string(), "head": head, "bound": bound, "ends": ends, "parts": labelled(arms) }
        }),
        Block::Map { id, over, bound, concurrency } => json!({
            "map": { "id": id.to_string(), "over": over, "bound": bound, "concurrency": concurrency, "parts": labelled(arms) }
        }),
    }
}

/// Where control continues instead. `blocks` is how many blocks it leaves; for `continue`, the last of them is repeated.
fn leave(way: Leave) -> Value {
    match way {
        Leave::Break(inner) => json!({ "break": { "blocks": inner + 1 } }),
        Leave::Continue(inner) => json!({ "continue": { "blocks": inner + 1 } }),
        Leave::End(ending) => json!({ "end": match ending {
            Ending::Ok => "ok",
            Ending::Error => "error",
            Ending::Either => "either",
        } }),
    }
}

fn render_edge(graph: &Graph, edge: &Edge) -> Value {
    let written = |path: &[Seg]| path.iter().map(segment).collect::<String>();
    let to = &graph.nodes[edge.to as usize];
    let mut value = json!({
        "from": source(graph, &edge.from),
        "path": written(edge.path),
        "to": to.id().to_string(),
        "argument": to.step.get().argument(edge.position).map(|argument| argument.name),
    });
    if !edge.into.is_empty() {
        value["into"] = written(edge.into).into();
    }
    if let Source::Lost(loss) = edge.from {
        value["made_of"] = loss.made_of.iter().map(|from| source(graph, from)).collect();
        value["lost"] = json!({ "in": loss.code, "line": loss.line });
    }
    value
}

/// The origin of a value; `null` if plain code computed it.
fn source(graph: &Graph, from: &Source) -> Value {
    match from {
        Source::Input(argument) => json!({ "input": argument }),
        Source::Node(index) => json!({ "step": graph.nodes[*index as usize].id().to_string() }),
        Source::Lost(_) => Value::Null,
    }
}

/// A path segment in Rust syntax.
fn segment(seg: &Seg) -> String {
    match seg {
        Seg::Field(name) => format!(".{name}"),
        Seg::Index(index) => format!(".{index}"),
        Seg::Item => "[]".to_owned(),
        Seg::Some => "?".to_owned(),
        Seg::Text => String::new(),
        Seg::Variant(name) => format!("::{name}"),
        Seg::Payload { variant, index } => format!("::{variant}.{index}"),
    }
}

fn bounds(bounds: Bounds) -> Value {
    json!({
        "max_steps": bounds.max_steps,
        "max_model_calls": bounds.max_model_calls,
        "max_output_tokens": bounds.max_output_tokens,
        "max_parallel": bounds.max_parallel,
    })
}
