//! Compile-time check that a model's endpoint accepts the schema of an answer.

use super::measure::{Path, measure};
use super::rules::Rules;
use crate::contract::{Report, Shape};
use crate::prompt::check::media_in;
use crate::provider::Model;

/// Checks an answer's shape against the limits of the models that a step asks.
///
/// # Panics
///
/// Panics at compile time with the exceeded limit, the model and the rule.
#[track_caller]
pub const fn answerable(step: &str, shape: &'static Shape, models: &[Model]) {
    if let (Some(kind), [model, ..]) = (media_in(shape), models) {
        let mut report = Report::new().headline(&["step `", step, "` asks `", model.id(), "` for an answer with "]);
        report.write(&[kind.text(), ", but a model answers with text"]);
        report.write(&["\n  ask for text, and add the attachment in the workflow or in a code step"]);
        report.write(&["\n  see flow::errors::answer"]);
        panic!("{}", report.as_str());
    }
    let mut at = 0;
    while at < models.len() {
        answerable_by(step, shape, &models[at]);
        at += 1;
    }
}

#[track_caller]
const fn answerable_by(step: &str, shape: &'static Shape, model: &Model) {
    let Some(rules) = Rules::of_model(model) else { return };
    if matches!(shape, Shape::Str { .. }) {
        return;
    }
    let Some(found) = measure(shape) else { return };
    let limits = rules.limits;
    let (count, most, what, deepest) = if let Some(most) = above(found.properties, limits.properties) {
        (found.properties, most, "properties", None)
    } else if let Some(most) = above(found.depth, limits.depth) {
        (found.depth, most, "levels of nested objects", Some(found.path))
    } else if let Some(most) = above(found.letters, limits.letters) {
        (found.letters, most, "characters in names", None)
    } else {
        return;
    };
    let mut report = Report::new().headline(&["step `", step, "` asks `", model.id(), "` for an answer that has "]);
    report.write_int(count);
    report.write(&[" ", what, ", but the provider accepts at most "]);
    report.write_int(most);
    match deepest {
        Some(path) => write_deepest(&mut report, &path),
        None => report.write(&["\n  split the answer over several steps, or use a model of another provider"]),
    }
    report.write(&["\n  rule: ", rules.source, " (", rules.read, ")"]);
    report.write(&["\n  see flow::errors::answer"]);
    panic!("{}", report.as_str());
}

/// The limit, if a count exceeds it.
const fn above(count: usize, most: Option<usize>) -> Option<usize> {
    match most {
        Some(most) if count > most => Some(most),
        _ => None,
    }
}

const fn write_deepest(report: &mut Report, path: &Path) {
    report.write(&["\n  the deepest path is `"]);
    let mut at = 0;
    while at < path.len {
        report.write(&[".", path.names[at]]);
        at += 1;
    }
    report.write(&[
        "`\n  flatten it: use a separate list with ids instead of nesting, or a second step; or use a model of another provider",
    ]);
}
