//! Rules for a step as a whole.

use syn::Type;

use super::names::{is_itself, quoted};
use crate::errors::Errors;
use crate::model::{Argument, Gate, Kind, OnTimeout, Step, plain};
use crate::page;
use flow_base::near::did_you_mean;

pub(crate) fn step(step: &Step, errors: &mut Errors) {
    body(step, errors);
    prompt_given(step, errors);
    timeout_given(step, errors);
    silence_is_a_decision(step, errors);
    super::effect::effect(step, errors);
    super::mcp::mcp(step, errors);
    names_another(step, errors);
    super::tools::tools(step, errors);
    super::approval::approval(step, errors);
    for gate in &step.options.gates {
        gate_arguments(gate, step, errors);
    }
}

fn body(step: &Step, errors: &mut Errors) {
    let name = step.function.name();
    match (step.kind, &step.function.body) {
        (Kind::Code, None) => errors.at(
            page::STEP_KIND,
            name,
            format!("step `{name}` has no body, and nothing else does its work: write a body, or add `model = …`, `human`, `signal` or `mcp = \"…\"` to `#[step(…)]`"),
        ),
        (Kind::Model | Kind::Human | Kind::Signal | Kind::Mcp | Kind::Timer | Kind::Undo, Some(body)) => errors.at(
            page::STEP_KIND,
            body,
            format!("{} cannot have a body, since {} does the work: end `{name}` with a semicolon, or remove `{}` from `#[step(…)]`", step.kind.article(), worker(step.kind), step.kind.name()),
        ),
        _ => {}
    }
}

fn worker(kind: Kind) -> &'static str {
    match kind {
        Kind::Code => "its body",
        Kind::Model => "the model",
        Kind::Human => "a person",
        Kind::Signal => "an outside system",
        Kind::Mcp => "the server",
        Kind::Timer => "the clock",
        Kind::Undo => "the engine",
    }
}

fn prompt_given(step: &Step, errors: &mut Errors) {
    if step.kind == Kind::Model && step.options.prompt.prompt.is_none() {
        let name = step.function.name();
        errors.at(
            page::STEP_KIND,
            name,
            format!(
                "model step `{name}` has no prompt: add `prompt = \"…\"`, `prompt_file = \"…\"` or `prompt = FUNCTION`"
            ),
        );
    }
}

fn timeout_given(step: &Step, errors: &mut Errors) {
    if step.kind == Kind::Human && step.options.timeout.is_none() {
        let name = step.function.name();
        errors.at(
            page::STEP_KIND,
            name,
            format!(
                "human step `{name}` has no timeout: set how long the run waits for a person, as in `timeout = \"3d\"`"
            ),
        );
    }
}

/// A step that serves itself would recurse without end.
fn names_another(step: &Step, errors: &mut Errors) {
    let (options, name) = (&step.options, step.function.name());
    let gates = options.gates.iter().map(|gate| ("gate", &gate.path, page::STEP_KIND));
    let fix = options.fix.iter().map(|fix| ("fix", &fix.path, page::STEP_KIND));
    let fallback = options.fallback.iter().map(|path| ("fallback", path, page::STEP_KIND));
    let compensate = options.compensate.iter().map(|path| ("compensate", path, page::STEP_KIND));
    let approve = options.approve.iter().map(|path| ("approve", path, page::APPROVAL));
    for (option, path, page) in gates.chain(fix).chain(fallback).chain(compensate).chain(approve) {
        if is_itself(path, name) {
            errors.at(page, path, format!("step `{name}` cannot be its own `{option}`: name another step"));
        }
    }
}

/// Only a `Review` can express the decision that a timeout takes.
fn silence_is_a_decision(step: &Step, errors: &mut Errors) {
    let is_review = matches!(&step.function.output.ok, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Review"));
    if step.options.on_timeout != OnTimeout::Fail && !is_review {
        errors.at(
            page::STEP_KIND,
            &step.function.output.ok,
            "`on_timeout = accept` and `on_timeout = reject` require a step that returns `Review<…>`: return a `Review<…>`, or use `on_timeout = fail`",
        );
    }
}

fn gate_arguments(gate: &Gate, step: &Step, errors: &mut Errors) {
    for argument in &gate.arguments {
        if step.function.argument(argument).is_some() {
            continue;
        }
        let names: Vec<String> = step.function.arguments.iter().map(Argument::plain).collect();
        let hint = did_you_mean(&plain(argument), names.iter().map(String::as_str));
        errors.at(
            page::GATE_FORM,
            argument,
            format!(
                "step `{}` has no argument `{argument}` for this gate (arguments: {}){hint}",
                step.function.name(),
                quoted(&names)
            ),
        );
    }
}
