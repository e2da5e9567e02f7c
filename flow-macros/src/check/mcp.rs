//! Rules for steps whose work is done by a tool of an MCP server.

use crate::errors::Errors;
use crate::model::{Kind, Step};
use crate::page;

pub(super) fn mcp(step: &Step, errors: &mut Errors) {
    if step.kind != Kind::Mcp {
        return;
    }
    let name = step.function.name();
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
