//! Rules that need no types, one family per file. They report to [`Errors`]; what passes becomes [`Checked`], the only input of
//! `expand`.

mod approval;
mod effect;
mod prompt;
mod reach;
mod signature;
mod step;
mod tools;

use crate::errors::Errors;
use crate::model::{Checked, Function, Reads, Step, Workflow};

/// Checks a step. If there are errors, returns it unchanged.
pub(crate) fn step(step: Step, errors: &mut Errors) -> Result<Checked<Step, Reads>, Box<Step>> {
    signature::plain(&step.function, "step", errors);
    self::step::step(&step, errors);
    let reads = prompt::prompt(&step, errors);
    if errors.is_empty() { Ok(Checked::new(step, reads)) } else { Err(Box::new(step)) }
}

/// Checks the signature of a workflow. If it has errors, the body is not read.
pub(crate) fn signature(function: &Function, errors: &mut Errors) {
    signature::plain(function, "workflow", errors);
    signature::owned_arguments(function, errors);
    signature::body_given(function, errors);
}

/// Checks a workflow whose signature is valid. It is expanded even if it has errors, since those of its body are in the code.
pub(crate) fn workflow(workflow: Workflow, errors: &mut Errors) -> Checked<Workflow> {
    reach::reach(&workflow, errors);
    Checked::new(workflow, ())
}
