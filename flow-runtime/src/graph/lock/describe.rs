//! Describes the current promises of a workflow.

use std::collections::BTreeMap;

use flow_base::lock::{FORMAT, Lock, Shape, Step};

use super::shape::Types;
use super::{behaviour, place, source};
use crate::graph::{Argument, Graph, Meta};

/// Describes the current workflow as a lock. Files, lines, features and the order of independent steps are not part of it.
pub fn describe(meta: &'static Meta) -> Lock {
    let mut types = Types::default();
    // Types are numbered in the order met, so that order must follow names as well.
    let input = arguments(&mut types, meta.arguments);
    let output = types.shape(meta.output.shape);
    let calls: BTreeMap<_, _> =
        place::all(meta).into_iter().map(|(place, graph, node)| (place, (graph, node))).collect();
    let steps = calls.into_iter().map(|(place, (graph, node))| (place, step(&mut types, graph, node))).collect();
    Lock {
        format: FORMAT,
        workflow: meta.id.to_owned(),
        version: meta.graph.map_or(1, |graph| graph.version),
        input,
        output,
        behaviour: behaviour::of_workflow(meta),
        steps,
        types: types.into_bodies(),
    }
}

fn step(types: &mut Types, graph: &'static Graph, node: usize) -> Step {
    let meta = graph.nodes[node].step.get();
    Step {
        input: arguments(types, meta.arguments),
        output: types.shape(meta.output.shape),
        from: sources(graph, node),
        behaviour: behaviour::of_call(&graph.nodes[node]),
    }
}

fn arguments(types: &mut Types, arguments: &'static [Argument]) -> BTreeMap<String, Shape> {
    let sorted: BTreeMap<_, _> = arguments.iter().map(|argument| (argument.name, argument.contract.shape)).collect();
    sorted.into_iter().map(|(name, shape)| (name.to_owned(), types.shape(shape))).collect()
}

fn sources(graph: &'static Graph, node: usize) -> BTreeMap<String, Vec<String>> {
    let meta = graph.nodes[node].step.get();
    let mut from: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| edge.to as usize == node) {
        if let Some(argument) = meta.argument(edge.position) {
            from.entry(argument.name.to_owned()).or_default().push(source::text(graph, &edge.from).to_string());
        }
    }
    from.values_mut().for_each(|sources| {
        sources.sort();
        sources.dedup();
    });
    from
}
