//! Rules that need no types. Each file is one family of them; all report to the sink. What passes is [`Checked`], which is all that `expand`
//! takes.

mod effect;
mod prompt;
mod reach;
mod signature;
mod step;

use crate::errors::Errors;
use crate::model::{Checked, Function, Reads, Step, Workflow};

/// Checks a step. Where anything is wrong with it, it comes back as it was.
pub(crate) fn step(step: Step, errors: &mut Errors) -> Result<Checked<Step, Reads>, Box<Step>> {
    signature::plain(&step.function, "step", errors);
    self::step::step(&step, errors);
    let reads = prompt::prompt(&step, errors);
    if errors.is_empty() { Ok(Checked::new(step, reads)) } else { Err(Box::new(step)) }
}

/// Checks the signature of a workflow, without which its body is not read.
pub(crate) fn signature(function: &Function, errors: &mut Errors) {
    signature::plain(function, "workflow", errors);
    signature::owned_arguments(function, errors);
    signature::body_given(function, errors);
}

/// Checks a workflow whose signature is in order. It is expanded with its errors: those of its body stand in the code.
pub(crate) fn workflow(workflow: Workflow, errors: &mut Errors) -> Checked<Workflow> {
    reach::reach(&workflow, errors);
    Checked::new(workflow, ())
}
