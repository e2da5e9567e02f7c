//! Rules that need no types, one family per file. They take what is [`Parsed`] and report to [`Errors`]; what passes becomes
//! [`Checked`], the only input of `expand`.

mod approval;
mod body;
mod effect;
mod lock;
mod mcp;
mod names;
mod prompt;
mod reach;
mod signature;
mod step;
mod tools;

use crate::errors::Errors;
use crate::model::{Checked, CheckedWorkflow, Function, Parsed, Reads, Step, Workflow};

/// Checks a step. If there are errors, returns it unchanged.
pub(crate) fn step(parsed: Parsed<Step>, errors: &mut Errors) -> Result<Checked<Step, Reads>, Box<Step>> {
    let Parsed { model: step, findings } = parsed;
    signature::signature(&step.function, &findings, "step", errors);
    self::step::step(&step, errors);
    let reads = prompt::prompt(&step, errors);
    if errors.is_empty() { Ok(Checked::new(step, reads)) } else { Err(Box::new(step)) }
}

/// Whether the signature of a workflow has no errors. Otherwise the body is not read.
pub(crate) fn signature(parsed: &Parsed<Function>, errors: &mut Errors) -> bool {
    let Parsed { model: function, findings } = parsed;
    let told = errors.mark();
    signature::signature(function, findings, "workflow", errors);
    signature::owned_arguments(function, errors);
    mcp::not_renamed(function, "workflow", errors);
    signature::body_given(function, errors);
    errors.mark() == told
}

/// Checks a workflow whose signature is valid. It is expanded even if it has errors, since those of its body are in the code.
pub(crate) fn workflow(parsed: Parsed<Workflow>, errors: &mut Errors) -> CheckedWorkflow {
    let Parsed { model: workflow, findings } = parsed;
    let refusals = body::body(&workflow, &findings, errors);
    lock::lock(&workflow, errors);
    reach::reach(&workflow, errors);
    Checked::new(workflow, refusals)
}
