//! The errors for a function that does not fit as a fallback, fix, compensation or gate of a step.

use crate::contract::{Report, Shape, shape_text};
use crate::graph::{Effect, Meta, MetaPtr};

/// What an option of a step requires of a function.
#[derive(Debug)]
pub struct Wanted {
    /// `fallback`, `fix`, `compensate` or `gate`.
    pub role: &'static str,
    /// The function.
    pub name: &'static str,
    /// The step it serves.
    pub step: &'static str,
    /// Whether it receives each output before one is accepted, as gates and fixes do.
    pub before_acceptance: bool,
    /// The expected signature.
    pub signature: &'static str,
}

/// A function that does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The step, if it is one.
    pub step: Option<MetaPtr>,
    /// Whether it returns a verdict.
    pub judges: bool,
    /// The number of its parameters.
    pub count: usize,
    /// The shapes of the parameters in question; `None` for a type without a shape.
    pub shapes: &'a [Option<&'static Shape>],
}

/// Returns the step behind a fallback, a fix or a compensation.
///
/// # Panics
///
/// If the function does not fit, with what was expected and found.
#[track_caller]
pub const fn serves(wanted: &Wanted, fits: Option<MetaPtr>, found: Option<MetaPtr>) -> MetaPtr {
    match fits {
        Some(step) => {
            refuse_effect(wanted, step);
            step
        }
        None => refuse(wanted, helper(found), ""),
    }
}

/// Returns the step behind a gate, if it is one.
///
/// # Panics
///
/// As [`serves`].
#[track_caller]
pub const fn judges(wanted: &Wanted, fits: Option<Option<MetaPtr>>, found: Found<'_>) -> Option<MetaPtr> {
    match fits {
        Some(step) => {
            if let Some(step) = step {
                refuse_effect(wanted, step);
            }
            step
        }
        None => {
            let asks_more = found.count > found.shapes.len();
            let more = ", or pass it more of the step's arguments by name, as in `gate = GATE(argument, …)`";
            refuse(wanted, gate(found), if asks_more { more } else { "" })
        }
    }
}

/// Returns the step behind a gate that is checked by [`judges`] elsewhere.
pub const fn judging_step(fits: Option<Option<MetaPtr>>) -> Option<MetaPtr> {
    match fits {
        Some(step) => step,
        None => None,
    }
}

/// Gates and fixes receive unreviewed outputs and may run again, so they must not have irreversible effects.
#[track_caller]
const fn refuse_effect(wanted: &Wanted, step: MetaPtr) {
    if !wanted.before_acceptance || !matches!(step.get().policy.effect, Effect::Irreversible) {
        return;
    }
    let text = [
        wanted.role,
        " `",
        wanted.name,
        "` has an irreversible effect, but step `",
        wanted.step,
        "` calls it for each output, before any is accepted: use another one, or call it in the workflow after the step",
        "\n  see flow::errors::effect",
    ];
    panic!("{}", Report::new().headline(&text).as_str())
}

#[track_caller]
const fn refuse(wanted: &Wanted, found: Report, way_out: &str) -> ! {
    let mut report =
        Report::new().headline(&[wanted.role, " `", wanted.name, "` does not fit step `", wanted.step, "`"]);
    report.write(&["\n  expected `", wanted.signature, "`\n  found ", found.as_str()]);
    report.write(&[
        "\n  change `",
        wanted.name,
        "` to that signature, references included, or name another function",
        way_out,
        "\n  see flow::errors::helper",
    ]);
    panic!("{}", report.as_str())
}

const fn helper(found: Option<MetaPtr>) -> Report {
    match found {
        Some(step) => step_text(step.get()),
        None => Report::new().headline(&["a function that is not a step: annotate it with `#[step]`"]),
    }
}

const fn gate(found: Found<'_>) -> Report {
    if let Some(step) = found.step {
        return step_text(step.get());
    }
    let mut text = Report::new().headline(&["a function of "]);
    text.write_int(found.count);
    text.write(&[if found.count == 1 { " argument (" } else { " arguments (" }]);
    let mut at = 0;
    while at < found.count {
        text.write(&[if at > 0 { ", " } else { "" }]);
        match shape_at(found.shapes, at) {
            Some(shape) => text.write(&[shape_text(shape).as_str()]),
            None => text.write(&["…"]),
        }
        at += 1;
    }
    text.write(&[if found.judges { ")" } else { ") that returns no `Verdict`" }]);
    text
}

const fn shape_at(shapes: &[Option<&'static Shape>], at: usize) -> Option<&'static Shape> {
    if at < shapes.len() { shapes[at] } else { None }
}

const fn step_text(step: &Meta) -> Report {
    let mut text = Report::new().headline(&["a step that takes "]);
    let mut at = 0;
    while at < step.arguments.len() {
        let argument = &step.arguments[at];
        let shape = shape_text(argument.contract.shape);
        text.write(&[if at > 0 { ", `" } else { "`" }, argument.name, "` (", shape.as_str(), ")"]);
        at += 1;
    }
    text.write(&[if at == 0 { "nothing" } else { "" }, " and returns ", shape_text(step.output.shape).as_str()]);
    text
}
