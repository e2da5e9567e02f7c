//! The checks of `strict` and `lock`: no unchecked edges, no unused outputs.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::step_name;
use super::tokens::underline;
use crate::model::{Edge, Kept, Loss, Origin, Workflow};

/// The checks of a workflow with `strict` or `lock`.
pub(crate) fn checks(workflow: &Workflow) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    if workflow.strict {
        checks.extend(followed(workflow));
    }
    if workflow.strict && !workflow.keeps_effects {
        checks.extend(workflow.flow.kept.iter().map(undone));
    }
    if workflow.is_spare() {
        checks.extend(workflow.flow.unread.iter().map(|index| read(workflow, *index)));
    }
    checks
}

/// Reports unchecked edges; code that loses several values is reported once.
fn followed(workflow: &Workflow) -> impl Iterator<Item = TokenStream> {
    let mut told: Vec<Loss> = Vec::new();
    workflow.flow.edges().enumerate().filter_map(move |(index, edge)| {
        if let Origin::Lost(loss) = edge.from
            && loss.code.is_some()
        {
            if told.iter().any(|other| other.is_by_the_code_of(loss)) {
                return None;
            }
            told.push(loss.clone());
        }
        edge_check(index, &edge)
    })
}

fn edge_check(index: usize, edge: &Edge<'_>) -> Option<TokenStream> {
    let check = |code| Some(underline(quote!(__flow::followed), quote!(&__META, #index), code));
    match edge.from {
        Origin::Lost(loss) => check(loss.code.as_deref().unwrap_or(&edge.argument.value)),
        // The contract may not describe the part. Composed values are already type-checked by rustc.
        Origin::Traced(trace) if edge.into.is_empty() && !trace.path.is_empty() => check(&edge.argument.value),
        _ => None,
    }
}

/// Checks that steps finished before a handled error are undone.
fn undone(arm: &Kept) -> TokenStream {
    let calls = arm.calls.iter().map(|(call, since)| {
        let (step, since) = (step_name(*call), since.iter().map(|call| step_name(*call)));
        quote!((#step, &[#(#since),*]))
    });
    underline(quote!(__flow::undone), quote!(&[#(#calls),*]), &arm.at)
}

/// Checks that the output of a call is used.
fn read(workflow: &Workflow, index: usize) -> TokenStream {
    let node = index as u32;
    underline(quote!(__flow::read), quote!(&__META, #node), &workflow.flow.nodes[index].path)
}
