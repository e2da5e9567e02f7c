//! The checks of `strict` workflows: no unchecked edges, no unused results.

use super::{Kind, Meta, Source};
use crate::contract::{Projection, Report, project};

/// Checks an edge of a workflow, by index: the origin of the value must be known, and described by a contract.
///
/// # Panics
///
/// With the code in which the origin is lost, at compile time.
#[track_caller]
pub const fn followed(owner: &'static Meta, edge: usize) {
    let Some(graph) = owner.graph else { return };
    let edge = &graph.edges[edge];
    let to = graph.nodes[edge.to as usize].step.get();
    // Too many arguments are reported elsewhere.
    let Some(argument) = to.argument(edge.position) else { return };
    let contract = match edge.from {
        Source::Lost(_) => None,
        Source::Node(from) => Some(graph.nodes[from as usize].step.get().output),
        Source::Input(name) => match owner.argument_named(name) {
            Some(from) => Some(from.contract),
            None => return,
        },
    };
    if let Some(contract) = contract
        && matches!(project(contract.shape, edge.path), Projection::Known(_))
    {
        return;
    }
    let mut report = Report::new().headline(&["workflow `", owner.name, "` is `strict`, but the origin of argument `"]);
    report.write(&[argument.name, "` of step `", to.name, "` "]);
    match edge.from {
        Source::Lost(loss) => {
            report.write(&["is lost in `", loss.code, "`\n  it is computed from "]);
            write_sources(&mut report, owner, loss.made_of);
            report.write(&[
                "\n  pass the value itself or a part of it, or move this code into a code step: outputs of steps are tracked",
            ]);
        }
        from => {
            report.write(&["cannot be checked: the contract of "]);
            write_source(&mut report, owner, from);
            report.write(&[" does not describe `"]);
            let mut at = 0;
            while at < edge.path.len() {
                edge.path[at].write(&mut report);
                at += 1;
            }
            report.write(&["`\n  extract this part in a code step: the output of a step has a contract"]);
        }
    }
    report.write(&["\n  see flow::errors::unchecked_edge"]);
    panic!("{}", report.as_str());
}

const fn write_sources(report: &mut Report, owner: &'static Meta, sources: &[Source]) {
    let mut at = 0;
    while at < sources.len() {
        if at > 0 {
            report.write(&[", "]);
        }
        write_source(report, owner, sources[at]);
        at += 1;
    }
}

const fn write_source(report: &mut Report, owner: &'static Meta, source: Source) {
    match (source, owner.graph) {
        (Source::Node(node), Some(graph)) => {
            report.write(&["the output of `", graph.nodes[node as usize].step.get().name, "`"]);
        }
        (Source::Input(name), _) => report.write(&["argument `", name, "` of the workflow"]),
        (Source::Node(_) | Source::Lost(_), _) => report.write(&["plain code"]),
    }
}

/// Checks that the answer of a model or the decision of a person is used.
///
/// # Panics
///
/// If it is not, at compile time.
#[track_caller]
pub const fn read(owner: &'static Meta, node: u32) {
    let Some(graph) = owner.graph else { return };
    let step = graph.nodes[node as usize].step.get();
    let what = match step.kind {
        Kind::Model => ["model step `", "` is never used: the call costs money and changes nothing"],
        Kind::Human => ["human step `", "` is never used: the run waits for a person and then continues regardless"],
        Kind::Code | Kind::Signal | Kind::Mcp | Kind::Timer | Kind::Undo | Kind::Workflow => return,
    };
    let mut report = Report::new().headline(&["the output of ", what[0], step.name, what[1]]);
    report.write(&["\n  use it, remove the call, or bind it to a name that starts with `_`"]);
    report.write(&["\n  see flow::errors::dead_part"]);
    panic!("{}", report.as_str());
}
