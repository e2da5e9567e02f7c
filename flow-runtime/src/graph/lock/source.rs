//! The origins of a call's arguments. A resumed run compares them with the recorded ones.

use super::data::LockedStep;
use crate::contract::{Report, Text, equal};
use crate::graph::{Edge, Graph, Meta, Source};

/// A source as text: `step extract`, `argument resume`, `code`.
pub(super) type SourceText = Text<160>;

/// Plain code between steps, whose sources are unknown.
pub(super) const CODE: &str = "code";

pub(super) const fn text(graph: &Graph, source: &Source) -> SourceText {
    let mut text = Text::new();
    match source {
        Source::Input(name) => {
            text.push("argument ");
            text.push(name);
        }
        Source::Node(index) => {
            let id = graph.nodes[*index as usize].id();
            text.push("step ");
            text.push(id.id);
            if id.ordinal > 1 {
                text.push(".");
                text.push_int(id.ordinal as i128);
            }
        }
        Source::Lost(_) => text.push(CODE),
    }
    text
}

/// The arguments of a call whose known sources have changed. Skipped if plain code is in between, or if the old source no longer
/// exists at all.
pub(super) const fn changed(locked: &'static LockedStep, graph: &'static Graph, node: usize) -> Report {
    let mut report = Report::part();
    let meta = graph.nodes[node].step.get();
    let mut at = 0;
    while at < locked.from.len() {
        let (argument, old) = locked.from[at];
        if !equal(old, CODE)
            && let Some(now) = another(graph, node, meta, argument, old)
            && is_there(graph, old)
        {
            report.mismatch(&["at `.", argument, "`: came from ", old, ", now comes from ", now.as_str()]);
        }
        at += 1;
    }
    report.finish();
    report
}

/// The new source of the argument, unless the old one is still possible or the argument is gone.
const fn another(
    graph: &'static Graph,
    node: usize,
    meta: &'static Meta,
    argument: &str,
    old: &str,
) -> Option<SourceText> {
    let (mut at, mut found) = (0, None);
    while at < graph.edges.len() {
        let edge = &graph.edges[at];
        if is_into(edge, node, meta, argument) {
            let now = text(graph, &edge.from);
            if equal(now.as_str(), old) || equal(now.as_str(), CODE) {
                return None;
            }
            found = Some(now);
        }
        at += 1;
    }
    found
}

const fn is_into(edge: &Edge, node: usize, meta: &'static Meta, argument: &str) -> bool {
    edge.to as usize == node
        && match meta.argument(edge.position) {
            Some(found) => equal(found.name, argument),
            None => false,
        }
}

/// Whether the source still exists. Missing arguments are reported with the input.
const fn is_there(graph: &'static Graph, old: &str) -> bool {
    let mut at = 0;
    while at < graph.nodes.len() {
        if equal(text(graph, &Source::Node(at as u32)).as_str(), old) {
            return true;
        }
        at += 1;
    }
    is_argument(graph, old)
}

const fn is_argument(graph: &'static Graph, old: &str) -> bool {
    let mut at = 0;
    while at < graph.edges.len() {
        if let Source::Input(_) = graph.edges[at].from
            && equal(text(graph, &graph.edges[at].from).as_str(), old)
        {
            return true;
        }
        at += 1;
    }
    false
}
