//! What only some workflows ask for: that no edge is unchecked, and that nothing is called in vain.

use super::{Kind, Meta, Source};
use crate::contract::{Projection, Report, project};

/// An edge of a workflow, by its position among them: where the value comes from is known, and its contract says what it is.
///
/// # Panics
///
/// With the code in which the origin is lost, while the crate compiles.
#[track_caller]
pub const fn followed(owner: &'static Meta, edge: usize) {
    let Some(graph) = owner.graph else { return };
    let edge = &graph.edges[edge];
    let to = graph.nodes[edge.to as usize].step.get();
    // A call with too many arguments is told elsewhere.
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
    let mut report = Report::new().headline(&["workflow `", owner.name, "` is `strict`, but where argument `"]);
    report.write(&[argument.name, "` of step `", to.name, "` comes from "]);
    match edge.from {
        Source::Lost(loss) => {
            report.write(&["is lost in `", loss.code, "`\n  it is made of "]);
            write_sources(&mut report, owner, loss.made_of);
            report.write(&[
                "\n  pass the value itself or a part of it, or do this in a code step: what a step returns is followed",
            ]);
        }
        from => {
            report.write(&["cannot be checked: the contract of "]);
            write_source(&mut report, owner, from);
            report.write(&[" says nothing of `"]);
            let mut at = 0;
            while at < edge.path.len() {
                edge.path[at].write(&mut report);
                at += 1;
            }
            report.write(&["`\n  take this part in a code step: what a step returns has a contract"]);
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
            report.write(&["what `", graph.nodes[node as usize].step.get().name, "` returns"]);
        }
        (Source::Input(name), _) => report.write(&["argument `", name, "` of the workflow"]),
        (Source::Node(_) | Source::Lost(_), _) => report.write(&["plain code"]),
    }
}

/// Somebody reads what a call returns, where that is an answer of a model or a decision of a person.
///
/// # Panics
///
/// Where it is, since nobody does, while the crate compiles.
#[track_caller]
pub const fn read(owner: &'static Meta, node: u32) {
    let Some(graph) = owner.graph else { return };
    let step = graph.nodes[node as usize].step.get();
    let what = match step.kind {
        Kind::Model => ["model step `", "` answers: the call costs and changes nothing"],
        Kind::Human => ["human step `", "` decides: the run waits for a person, and goes on as before"],
        Kind::Code | Kind::Signal | Kind::Timer | Kind::Undo | Kind::Workflow => return,
    };
    let mut report = Report::new().headline(&["nobody reads what ", what[0], step.name, what[1]]);
    report.write(&["\n  use it, take the call out, or bind it to a name that starts with `_`"]);
    report.write(&["\n  see flow::errors::dead_part"]);
    panic!("{}", report.as_str());
}
