//! The checks of a workflow that need types. Constants of the user's crate call them, so a failed check fails the build.
//!
//! Each check first tests cheaply whether everything fits: building a report is expensive in const evaluation.

use super::bounds::{self, Measure, Terms};
use super::{Argument, Block, Contract, Graph, Kind, Meta, Node, Op};
use crate::contract::sound::{part, returned};
use crate::contract::{
    Projection, Report, Seg, compare, enforce, is_same, project, surely_survives, survives_round_trip,
};
use crate::place::NodeId;
use crate::provider::{Model, answerable};

/// A value passed from one step to another. Nothing is checked if the path leads to something the contract does not describe.
///
/// # Panics
///
/// If the value does not fit.
#[track_caller]
pub const fn edge(from: &Meta, path: &[Seg], to: &Meta, position: usize) {
    let Some(argument) = to.argument(position) else { return };
    let Projection::Known(shape) = project(from.output.shape, path) else { return };
    if is_same(shape, argument.contract.shape) {
        return;
    }
    let headline = [
        what(to),
        " `",
        to.name,
        "` cannot accept the output of ",
        what(from),
        " `",
        from.name,
        "` (argument `",
        argument.name,
        "`)",
    ];
    let report = compare(Report::new().headline(&headline), path, shape, argument.contract.shape);
    enforce(&way_out(located(located(report, from), to)));
}

/// A value passed from an argument of the workflow to a step.
///
/// # Panics
///
/// As [`edge`].
#[track_caller]
pub const fn input_edge(workflow: &Meta, input: usize, path: &[Seg], to: &Meta, position: usize) {
    let (Some(from), Some(argument)) = (written_at(workflow, input), to.argument(position)) else { return };
    let Projection::Known(shape) = project(from.contract.shape, path) else { return };
    if is_same(shape, argument.contract.shape) {
        return;
    }
    let headline = [
        what(to),
        " `",
        to.name,
        "` cannot accept argument `",
        from.name,
        "` of workflow `",
        workflow.name,
        "` (argument `",
        argument.name,
        "`)",
    ];
    let report = compare(Report::new().headline(&headline), path, shape, argument.contract.shape);
    enforce(&way_out(located(report, to)));
}

const fn what(meta: &Meta) -> &'static str {
    match meta.kind {
        Kind::Workflow => "workflow",
        _ => "step",
    }
}

const fn way_out(report: Report) -> Report {
    report.note(&["change one of the types, or convert the value in plain code between the steps"]).see("edge")
}

/// Adds the line "`step` is at file:line".
const fn located(mut report: Report, meta: &Meta) -> Report {
    if !report.ok() {
        report = report.note(&["`", meta.name, "` is at ", meta.file, ":"]);
        report.write_int(meta.line as usize);
    }
    report
}

/// The argument at a position of the signature.
const fn written_at(meta: &Meta, position: usize) -> Option<&'static Argument> {
    let mut at = 0;
    while at < meta.arguments.len() {
        if meta.arguments[at].position == position {
            return Some(&meta.arguments[at]);
        }
        at += 1;
    }
    None
}

/// Checks that an argument has a contract, and one that can be written and read.
///
/// # Panics
///
/// With `otherwise` if it has no contract, or with the flaw of the contract.
#[track_caller]
pub const fn takes(argument: &str, has_contract: bool, input: Contract, otherwise: &str) {
    assert!(has_contract, "{}", otherwise);
    part(argument, input.shape);
}

/// Checks that an output has a contract and survives a round trip through JSON.
///
/// # Panics
///
/// With `otherwise` if it has no contract, or with what would be lost.
#[track_caller]
pub const fn returns(step: &str, has_contract: bool, output: Contract, otherwise: &str) {
    assert!(has_contract, "{}", otherwise);
    returned(step, output.shape);
    if surely_survives(output.shape) {
        return;
    }
    let report = survives_round_trip(output.shape);
    if report.ok() {
        return;
    }
    let why = [
        "step `",
        step,
        "` records its output as JSON: anything that is not written and read back is lost when the run is resumed",
    ];
    enforce(&report.note(&why).see("round_trip"));
}

/// Checks a workflow as a whole: it does not call itself, and each place has a unique name.
///
/// # Panics
///
/// With the reason, at compile time.
#[track_caller]
pub const fn whole(meta: &'static Meta) {
    bounds::refuse_circles(meta);
    if let Some(graph) = meta.graph {
        refuse_equal_ids(graph);
    }
}

/// Ids are compared as displayed, because places are. A small bit set of marks avoids most comparisons.
#[track_caller]
const fn refuse_equal_ids(graph: &Graph) {
    let mut marks = [0_u64; 16];
    let mut at = 0;
    while at < graph.nodes.len() {
        // Not a step; reported elsewhere.
        if graph.nodes[at].key().is_empty() {
            at += 1;
            continue;
        }
        let mark = graph.nodes[at].id().mark();
        let (word, bit) = ((mark / 64 % 16) as usize, 1 << (mark % 64));
        if marks[word] & bit != 0 {
            refuse_id_of_an_earlier(graph, at);
        }
        marks[word] |= bit;
        at += 1;
    }
    refuse_ids_of_blocks(graph);
}

#[track_caller]
const fn refuse_id_of_an_earlier(graph: &Graph, at: usize) {
    let mut earlier = 0;
    while earlier < at {
        if graph.nodes[earlier].id().reads_as(graph.nodes[at].id()) {
            equal_ids(&graph.nodes[earlier], &graph.nodes[at]);
        }
        earlier += 1;
    }
}

/// A call and a loop, map or race with the same id would share the places below them.
#[track_caller]
const fn refuse_ids_of_blocks(graph: &Graph) {
    let mut at = 0;
    while at < graph.structure.len() {
        if let Op::Open(Block::Loop { id, .. } | Block::Map { id, .. } | Block::Race { id }) = graph.structure[at] {
            refuse_id_of_a_block(graph, id);
        }
        at += 1;
    }
}

#[track_caller]
const fn refuse_id_of_a_block(graph: &Graph, id: NodeId) {
    let mut at = 0;
    while at < graph.nodes.len() {
        let node = &graph.nodes[at];
        if id.reads_as(node.id()) {
            let mut report = Report::new().headline(&["the call on line "]);
            report.write_int(node.line as usize);
            report.write(&[" is named `", node.key(), "`, like a `", id.id]);
            report
                .write(&["` of this workflow, but results are stored by name: give it another name with `.id(\"…\")`"]);
            report.write(&["\n  see flow::errors::equal_ids"]);
            panic!("{}", report.as_str());
        }
        at += 1;
    }
}

#[track_caller]
const fn equal_ids(one: &Node, two: &Node) {
    let mut report = Report::new().headline(&["two calls in this workflow are named `", one.key(), "` (lines "]);
    report.write_int(one.line as usize);
    report.write(&[" and "]);
    report.write_int(two.line as usize);
    report.write(&["), but results are stored by name: give one of them another name with `.id(\"…\")`"]);
    report.write(&["\n  see flow::errors::equal_ids"]);
    panic!("{}", report.as_str());
}

/// Checks the model set on a call: the step must be a model step, and the model's provider must accept the answer's schema.
///
/// # Panics
///
/// Otherwise, at compile time.
#[track_caller]
pub const fn takes_model(meta: &Meta, model: &Model) {
    if matches!(meta.kind, Kind::Model) {
        return answerable(meta.name, meta.output.shape, std::slice::from_ref(model));
    }
    let kind = match meta.kind {
        Kind::Workflow => "a workflow",
        Kind::Human => "a human step",
        Kind::Signal => "a signal step",
        Kind::Mcp => "an MCP step",
        Kind::Timer => "a timer",
        Kind::Undo => "an undo step",
        _ => "a code step",
    };
    let text = [
        "`",
        meta.name,
        "` is ",
        kind,
        ": `.model(…)` applies only to model steps; remove it",
        "\n  see flow::errors::call_option",
    ];
    panic!("{}", Report::new().headline(&text).as_str());
}

/// How many terms a message shows.
const SHOWN: usize = 20;
/// How many bytes the terms may take, so that the help still fits.
const ROOM: usize = 3000;

/// Checks a limit set on the workflow.
///
/// # Panics
///
/// With the sum, term by term, at compile time.
#[track_caller]
pub const fn limit(meta: &'static Meta, measure: Measure) {
    let Some(graph) = meta.graph else { return };
    // A cycle is reported elsewhere.
    let (Some(most), Some(bounds)) = (measure.limit(graph), bounds::unless_circle(meta)) else { return };
    match measure.of(bounds) {
        Some(found) if found <= most => {}
        found => panic!("{}", past_limit(meta, measure, most, found).as_str()),
    }
}

const fn past_limit(meta: &'static Meta, measure: Measure, most: u64, found: Option<u64>) -> Report {
    let mut report = Report::new().headline(&["workflow `", meta.name, "` has "]);
    match found {
        Some(found) => {
            report.write(&["a worst case of "]);
            report.write_int(found as usize);
            report.write(&[" ", measure.unit(found)]);
        }
        None => report.write(&["no known worst case of ", measure.unit(0)]),
    }
    report.write(&[", but the limit is `", measure.option(), " = "]);
    report.write_int(most as usize);
    report.write(&["`"]);
    let terms = Terms::<64>::of(meta, measure);
    let mut at = 0;
    while at < terms.len() && at < SHOWN && report.as_str().len() < ROOM {
        report.write(&["\n  ", terms.line(at).as_str()]);
        at += 1;
    }
    if terms.len() > at {
        report.write(&["\n  … and "]);
        report.write_int(terms.len() - at);
        report.write(&[" more terms"]);
    }
    let way_out = match (found, measure) {
        (None, _) => terms.way_to_know(),
        (_, Measure::Steps) => "raise the limit, or bound loops and maps more tightly",
        (_, Measure::ModelCalls) => "raise the limit, or bound loops and maps, attempts and repairs more tightly",
        (_, Measure::OutputTokens) => {
            "raise the limit, or bound loops and maps, attempts, repairs and the models' `max_output_tokens` more tightly"
        }
    };
    report.write(&["\n  ", way_out, "\n  see flow::errors::limit"]);
    report
}
