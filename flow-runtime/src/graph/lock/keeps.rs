//! Whether each part of a promise is kept: comparisons shared by build and run time.

use super::data::{LockedArgument, LockedStep, Promise};
use crate::contract::{Evolution, Report, Seg, Shape, Unchanged, compare_evolved, equal, fits, shape_text};
use crate::graph::{Argument, Meta};
use flow_base::near::Nearest;

/// Input that matches the lock is accepted.
pub(super) const fn callers(promise: Promise) -> Report {
    input(promise.locked.input, promise.meta.arguments, Evolution::READ_NOW, promise.unchanged)
}

/// Output can be read by readers of the lock.
pub(super) const fn readers(promise: Promise) -> Report {
    output(promise.locked.output, promise.meta, Evolution::READ_BEFORE, promise.unchanged)
}

/// The input of a step is unchanged: a resumed run compares it with the recorded one.
pub(super) const fn given(step: &'static LockedStep, now: &'static Meta, unchanged: Unchanged) -> Report {
    input(step.input, now.arguments, Evolution::KEPT, unchanged)
}

/// Recorded output of a step can be read.
pub(super) const fn returned(step: &'static LockedStep, now: &'static Meta, unchanged: Unchanged) -> Report {
    output(step.output, now, Evolution::READ_NOW, unchanged)
}

/// Compares the old and the new output.
pub(super) const fn output(was: &'static Shape, now: &'static Meta, how: Evolution, unchanged: Unchanged) -> Report {
    compare_evolved(Report::part(), &[], was, now.output.shape, how, unchanged)
}

/// Compares the old arguments with the new ones.
const fn input(
    old: &'static [LockedArgument],
    new: &'static [Argument],
    how: Evolution,
    unchanged: Unchanged,
) -> Report {
    let mut report = Report::part();
    let mut at = 0;
    while at < new.len() {
        let argument = &new[at];
        match find(old, argument.name) {
            Some(known) => report = compared(report, known, argument, how, unchanged),
            None if takes_nothing(argument.contract.shape) => {}
            None => not_sent(&mut report, argument, old, new),
        }
        at += 1;
    }
    at = 0;
    while at < old.len() {
        if !has(new, old[at].name) {
            report.mismatch(&["at `.", old[at].name, "`: is gone"]);
        }
        at += 1;
    }
    report.finish();
    report
}

/// Compares an argument that is in both.
pub(super) const fn compared(
    report: Report,
    old: &'static LockedArgument,
    new: &'static Argument,
    how: Evolution,
    unchanged: Unchanged,
) -> Report {
    compare_evolved(report, &[Seg::Field(new.name)], old.shape, new.contract.shape, how, unchanged)
}

/// An absent argument is read as null.
pub(super) const fn takes_nothing(shape: &'static Shape) -> bool {
    fits(&Shape::Null, shape).ok()
}

const fn not_sent(
    report: &mut Report,
    argument: &'static Argument,
    old: &'static [LockedArgument],
    new: &'static [Argument],
) {
    let mut near = Nearest::new(argument.name);
    let mut at = 0;
    while at < old.len() {
        if !has(new, old[at].name) {
            near.offer(old[at].name);
        }
        at += 1;
    }
    let shape = shape_text(argument.contract.shape);
    let start = ["at `.", argument.name, "`: argument (", shape.as_str(), ") is required, but was not there before"];
    match near.get() {
        Some(near) => {
            report.mismatch(&[start[0], start[1], start[2], start[3], start[4], "; renamed from `", near, "`?"])
        }
        None => report.mismatch(&start),
    }
}

pub(super) const fn find(arguments: &'static [LockedArgument], name: &str) -> Option<&'static LockedArgument> {
    let mut at = 0;
    while at < arguments.len() {
        if equal(arguments[at].name, name) {
            return Some(&arguments[at]);
        }
        at += 1;
    }
    None
}

pub(super) const fn has(arguments: &[Argument], name: &str) -> bool {
    let mut at = 0;
    while at < arguments.len() {
        if equal(arguments[at].name, name) {
            return true;
        }
        at += 1;
    }
    false
}
