//! The error message: the path from the model to the effect, and the ways to fix it.

use super::below::{Below, bit};
use super::reach::{END, Reach, Start};
use super::step::{acting, is_reviewed};
use crate::contract::Report;
use crate::graph::{Graph, Kind, Meta, OnTimeout, Source};

/// Fails the build with the path on which unreviewed model output reaches a call.
#[track_caller]
pub(super) const fn refuse(owner: &'static Meta, to: u32, position: usize, below: &Below) -> ! {
    let Some(graph) = owner.graph else { panic!("a step calls nothing") };
    let step = graph.nodes[to as usize].step.get();
    let reach = Reach::of(graph, Start::Argument { node: to, position }, below);
    let model = model(graph, &reach, below);
    let (effect, argument) = effect(step, position, below);
    let mut report = Report::new().headline(&[
        "step `",
        effect.name,
        "` has an irreversible effect, but the output of model step `",
        model.name,
        "` reaches its argument `",
        argument,
        "` without a gate or a human review in between\n  path: `",
    ]);
    write_writers(&mut report, graph, &reach, below);
    write_call(&mut report, step, position, below);
    report.write(&["`"]);
    if reach.through_code() {
        report.write(&[
            "\n  this path leads through plain code: every value that the code mentions counts as part of its result",
        ]);
    }
    write_no_reviews(&mut report, graph, &reach);
    write_place(&mut report, model);
    write_place(&mut report, effect);
    report.write(&[
        "\n  add a gate to `",
        model.name,
        "`, let a person review the value and pass on what they return, or declare that `",
        effect.name,
        "` needs neither: `#[step(effect = irreversible, unreviewed)]`\n  see flow::errors::unreviewed",
    ]);
    panic!("{}", report.as_str())
}

/// The model inside all workflows that return its output.
const fn model(graph: &'static Graph, reach: &Reach, below: &Below) -> &'static Meta {
    let mut found = written_by(graph, reach, below);
    while let Some(inner) = found.graph {
        found = written_by(inner, &Reach::of(inner, Start::Output, below), below);
    }
    found
}

const fn written_by(graph: &'static Graph, reach: &Reach, below: &Below) -> &'static Meta {
    let node = match reach.writer {
        Some(node) => node,
        None => 0,
    };
    let step = graph.nodes[node as usize].step.get();
    match below.writer(step) {
        Some(model) => model,
        None => step,
    }
}

/// Writes `model -> step -> workflow -> step -> `, the innermost workflow first.
const fn write_writers(report: &mut Report, graph: &'static Graph, reach: &Reach, below: &Below) {
    let mut depth = 0;
    let mut at = written_by(graph, reach, below);
    while let Some(inner) = at.graph {
        depth += 1;
        at = written_by(inner, &Reach::of(inner, Start::Output, below), below);
    }
    report.write(&[at.name, " -> "]);
    while depth > 0 {
        let mut inner = written_by(graph, reach, below);
        let mut level = 1;
        while level < depth
            && let Some(graph) = inner.graph
        {
            inner = written_by(graph, &Reach::of(graph, Start::Output, below), below);
            level += 1;
        }
        if let Some(graph) = inner.graph {
            write_way(report, graph, &Reach::of(graph, Start::Output, below), below);
        }
        report.write(&[inner.name, " -> "]);
        depth -= 1;
    }
    write_way(report, graph, reach, below);
}

/// Writes the calls of one workflow after the writer, each followed by an arrow.
const fn write_way(report: &mut Report, graph: &'static Graph, reach: &Reach, below: &Below) {
    let Some(first) = reach.writer else { return };
    let step = graph.nodes[first as usize].step.get();
    // A fallback wrote the value.
    if !step.is(written_by(graph, reach, below)) {
        report.write(&[step.name, " -> "]);
    }
    write_calls(report, graph, reach, reach.next(first));
}

const fn write_calls(report: &mut Report, graph: &'static Graph, reach: &Reach, first: Option<u32>) {
    let mut at = first;
    while let Some(node) = at {
        report.write(&[graph.nodes[node as usize].step.get().name, " -> "]);
        at = reach.next(node);
    }
}

/// Writes `step(argument)`; for a workflow, the path inside as well.
const fn write_call(report: &mut Report, step: &'static Meta, position: usize, below: &Below) {
    let (mut step, mut position) = (step, position);
    loop {
        let argument = argument_name(step, position);
        report.write(&[step.name, "(", argument, ")"]);
        if let Some(acting) = acting(step) {
            if !acting.is(step) {
                report.write(&[" -> ", acting.name]);
            }
            return;
        }
        if let Some(workflow) = below.sinking(step, position)
            && !workflow.is(step)
        {
            report.write(&[" -> "]);
            step = workflow;
            continue;
        }
        let (Some(graph), Some((node, inside))) = (step.graph, sink(step, position, below)) else { return };
        report.write(&[" -> "]);
        let reach = Reach::of(graph, Start::Argument { node, position: inside }, below);
        if let Some(taker) = reach.taker(argument)
            && taker != END
        {
            write_calls(report, graph, &reach, Some(taker as u32));
        }
        (step, position) = (graph.nodes[node as usize].step.get(), inside);
    }
}

/// The step with the effect behind a call, and the argument it receives.
const fn effect(step: &'static Meta, position: usize, below: &Below) -> (&'static Meta, &'static str) {
    let (mut step, mut position) = (step, position);
    loop {
        if let Some(acting) = acting(step) {
            let of = if position < acting.arguments.len() { acting } else { step };
            return (acting, argument_name(of, position));
        }
        if let Some(workflow) = below.sinking(step, position) {
            step = workflow;
        }
        let (Some(graph), Some((node, inside))) = (step.graph, sink(step, position, below)) else {
            return (step, argument_name(step, position));
        };
        (step, position) = (graph.nodes[node as usize].step.get(), inside);
    }
}

/// The call inside a workflow that one of its arguments reaches.
const fn sink(step: &'static Meta, position: usize, below: &Below) -> Option<(u32, usize)> {
    let Some(graph) = step.graph else { return None };
    let mut at = 0;
    while at < graph.edges.len() {
        let (to, inside) = (graph.edges[at].to, graph.edges[at].position);
        let start = Start::Argument { node: to, position: inside };
        if below.is_sink(graph.nodes[to as usize].step.get(), inside)
            && Reach::of(graph, start, below).inputs(step) & bit(position) != 0
        {
            return Some((to, inside));
        }
        at += 1;
    }
    None
}

const fn argument_name(step: &'static Meta, position: usize) -> &'static str {
    match step.argument(position) {
        Some(argument) => argument.name,
        None => "…",
    }
}

/// Explains steps that look like a review but are not.
const fn write_no_reviews(report: &mut Report, graph: &'static Graph, reach: &Reach) {
    let mut at = 0;
    while at < graph.nodes.len() {
        let step = graph.nodes[at].step.get();
        if matches!(step.kind, Kind::Human) {
            if matches!(step.policy.on_timeout, OnTimeout::Accept) && reach.contains(at as u32) {
                report.write(&[
                    "\n  `",
                    step.name,
                    "` does not count as a review: with `on_timeout = accept`, the value may be accepted unseen",
                ]);
            } else if is_reviewed(step) && sees(graph, at as u32, reach) && !reach.contains(at as u32) {
                report.write(&[
                    "\n  `",
                    step.name,
                    "` is not on this path: the effect must receive the value that the person returns",
                ]);
            }
        }
        at += 1;
    }
}

/// Whether a call receives a value that is on the path.
const fn sees(graph: &Graph, node: u32, reach: &Reach) -> bool {
    let mut at = 0;
    while at < graph.edges.len() {
        let edge = &graph.edges[at];
        if edge.to == node
            && let Source::Node(from) = edge.from
            && reach.contains(from)
        {
            return true;
        }
        at += 1;
    }
    false
}

const fn write_place(report: &mut Report, step: &Meta) {
    report.write(&["\n  `", step.name, "` is at ", step.file, ":"]);
    report.write_int(step.line as usize);
}
