//! Rules for the tools of a model step.

use super::names::{is_itself, quoted};
use crate::errors::Errors;
use crate::model::{Argument, Bound, Step, last_name, plain};
use crate::page;
use flow_base::near::did_you_mean;

pub(super) fn tools(step: &Step, errors: &mut Errors) {
    turns(step, errors);
    let name = step.function.name();
    if step.function.is_generic() && !step.options.tools.is_empty() {
        errors.at(
            page::TOOL,
            name,
            format!("step `{name}` has tools, so it cannot have type parameters: write one step per type"),
        );
    }
    for tool in &step.options.tools {
        let used = last_name(&tool.path);
        if is_itself(&tool.path, name) {
            errors.at(
                page::TOOL,
                &tool.path,
                format!("step `{name}` cannot be its own tool: a model step cannot be reached from its own tools"),
            );
        }
        tool.bound.iter().for_each(|bound| passes_own(step, &used, bound, errors));
    }
}

/// Tools need a limit of turns, and the options about tools need tools.
fn turns(step: &Step, errors: &mut Errors) {
    let (name, limits) = (step.function.name(), &step.options.tool_limits);
    match (&limits.max_turns, step.options.tools.is_empty()) {
        (None, false) => errors.at(
            page::TOOL,
            name,
            format!("step `{name}` has tools, but no limit of turns: add `max_turns = N`, how many model calls may answer one question"),
        ),
        (Some((option, ..=1)), false) => errors.at(
            page::TOOL,
            option,
            "`max_turns` must be at least 2: the last turn has to answer, so a tool can be called only in an earlier one",
        ),
        _ => {}
    }
    if !limits.have_tools {
        let options = [
            limits.max_turns.as_ref().map(|(option, _)| option),
            limits.max_tool_calls.as_ref().map(|(option, _)| option),
            limits.on_error.as_ref().map(|(option, _)| option),
        ];
        // Without tools, all of them are one mistake.
        if let Some(option) = options.into_iter().flatten().next() {
            errors.at(
                page::TOOL,
                option,
                format!(
                    "option `{option}` requires tools, but step `{name}` has none: add `tools = […]`, or remove it"
                ),
            );
        }
    }
}

/// A bound argument is one of the step's own.
fn passes_own(step: &Step, tool: &str, bound: &Bound, errors: &mut Errors) {
    let own = &bound.path[0];
    let found = step.function.argument(own);
    if found.is_some_and(|argument| !argument.state) {
        return;
    }
    let name = step.function.name();
    if found.is_some() {
        errors.at(
            page::TOOL,
            own,
            format!(
                "step `{name}` cannot pass its state `{own}` to tool `{tool}`: a tool takes its states from the runtime"
            ),
        );
        return;
    }
    let names: Vec<String> = step.function.data().map(|(_, argument)| Argument::plain(argument)).collect();
    let hint = did_you_mean(&plain(own), names.iter().map(String::as_str));
    errors.at(
        page::TOOL,
        own,
        format!("step `{name}` has no argument `{own}` to pass to tool `{tool}` (arguments: {}){hint}", quoted(&names)),
    );
}
