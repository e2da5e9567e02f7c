//! The checks of awaited calls.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::names::step_name;
use super::tokens::underline;
use crate::model::{CheckedWorkflow, Node, Workflow, last_name};
use crate::{page, text};

/// Checks that every awaited call is a step and that its `Result` is not dropped, with one error per call.
pub(super) fn step_checks(workflow: &CheckedWorkflow) -> impl Iterator<Item = TokenStream> {
    let nodes = workflow.flow.nodes.iter().enumerate();
    let nodes = nodes.filter(|(index, _)| !workflow.found.calls.contains(index));
    nodes.map(|(index, node)| {
        let name = last_name(&node.path);
        let text = format!(
            "workflow `{}` awaits `{name}`, which is not a step: annotate `{name}` with `#[workflow]` if it awaits steps, or with `#[step]` if it does the work itself; call plain code without `.await`",
            workflow.function.name()
        );
        let text = page::message(page::NOT_A_STEP, text);
        let step = step_name(index);
        if workflow.flow.dropped.contains(&index) {
            return taken(node, &name, quote!(#step, #text));
        }
        underline(quote!(__flow::require_step), quote!(#step, #text), &node.path)
    })
}

/// Checks that `flow::undo` is not called while other steps run.
pub(super) fn undo_checks(workflow: &Workflow) -> impl Iterator<Item = TokenStream> {
    workflow.flow.nodes.iter().enumerate().filter_map(|(index, node)| {
        let form = node.beside?;
        let (name, article) = (text::of(&node.path), if form == "map" { "an item of a" } else { "a branch of" });
        let apart = match node.races {
            true => "",
            false => ", or move this part to a separate `#[workflow]`, which undoes what it has finished itself",
        };
        let text = format!(
            "`{name}()` is called in {article} `{form}`: other steps of this workflow are still running, so it is not clear what to undo\n  help: call it after the `{form}`{apart}"
        );
        let (step, text) = (step_name(index), page::message(page::UNDO, text));
        Some(underline(quote!(__flow::require_alone), quote!(#step, #text), &node.path))
    })
}

/// Checks that nothing irreversible happens in a branch of `race_ok!`, which may be dropped midway.
pub(super) fn race_checks(workflow: &Workflow) -> impl Iterator<Item = TokenStream> {
    let racing = workflow.flow.nodes.iter().enumerate().filter(|(_, node)| node.races);
    racing.map(|(index, node)| {
        let (step, name) = (step_name(index), text::of(&node.path));
        underline(quote!(__flow::races), quote!(#step, #name), &node.path)
    })
}

fn taken(node: &Node, name: &str, step: TokenStream) -> TokenStream {
    let text = format!(
        "the `Result` of `{name}` is dropped, and any error with it: add `?`, or write `let _ = {name}(…).await;` to ignore it on purpose"
    );
    let text = page::message(page::DROPPED_RESULT, text);
    let (path, end) = (&node.path, quote_spanned!(node.end => end));
    underline(quote!(__flow::require_taken), quote!(#step, #text), &quote!(#path #end))
}
