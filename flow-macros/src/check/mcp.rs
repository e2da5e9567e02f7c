//! Rules for steps whose work is done by a tool of an MCP server.

use crate::errors::Errors;
use crate::model::{Argument, Function, Kind, Step};
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
                "MCP step `{name}` must set `effect`: nothing else says what its tool does; add `effect = none`, `effect = idempotent` or `effect = irreversible`"
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
    named_once(&step.function, errors);
}

/// Arguments are sent by their names on the server: of two with one name, only one value would arrive.
fn named_once(function: &Function, errors: &mut Errors) {
    let step = function.name();
    let mut named: Vec<(String, &Argument)> = Vec::new();
    for (_, argument) in function.data() {
        let (name, sent) = (&argument.name, sent_as(argument));
        if let Some(rename) = argument.rename.as_ref().filter(|_| sent.is_empty()) {
            errors.at(
                page::MCP,
                rename,
                format!(
                    "argument `{name}` of MCP step `{step}` has an empty name on the server: write the name that the tool publishes, or remove `#[serde(rename = …)]`"
                ),
            );
            continue;
        }
        match named.iter().find(|(other, _)| *other == sent) {
            // Two parameters of one name are reported by rustc.
            Some((_, other)) if other.rename.is_none() && argument.rename.is_none() => {}
            Some((_, other)) => errors.at(
                page::MCP,
                // The rename causes the clash, wherever the plain name is.
                argument.rename.as_ref().or(other.rename.as_ref()),
                format!(
                    "arguments `{}` and `{name}` of MCP step `{step}` are both named `{sent}` on the server, which would receive only one of them: change the name of one",
                    other.name
                ),
            ),
            None => named.push((sent, argument)),
        }
    }
}

fn sent_as(argument: &Argument) -> String {
    argument.rename.as_ref().map_or_else(|| argument.plain(), syn::LitStr::value)
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
