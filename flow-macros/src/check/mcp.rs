//! Rules for steps whose work is done by a tool of an MCP server.

use crate::errors::Errors;
use crate::model::{Function, Kind, Step};
use crate::page;

pub(super) fn mcp(step: &Step, errors: &mut Errors) {
    let name = step.function.name();
    if step.kind != Kind::Mcp {
        return not_renamed(&step.function, "step", errors);
    }
    if step.options.effect.is_none() {
        errors.at(
            page::MCP,
            name,
            format!(
                "MCP step `{name}` declares no effect, and nothing else says what its tool does: add `effect = none`, `effect = idempotent` or `effect = irreversible`"
            ),
        );
    }
    for state in step.function.arguments.iter().filter(|argument| argument.state) {
        let argument = &state.name;
        errors.at(
            page::MCP,
            argument,
            format!(
                "MCP step `{name}` cannot take the state `{argument}`: all its arguments are sent to the server; remove it"
            ),
        );
    }
}

/// Only a server has names of its own for arguments.
pub(super) fn not_renamed(function: &Function, what: &str, errors: &mut Errors) {
    for argument in &function.arguments {
        let Some(rename) = &argument.rename else { continue };
        errors.at(
            page::MCP,
            rename,
            format!(
                "argument `{}` of {what} `{}` cannot be renamed: only the arguments of MCP steps have other names on a server; remove `#[serde(rename = …)]`",
                argument.name,
                function.name()
            ),
        );
    }
}
