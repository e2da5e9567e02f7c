//! Whether a model's endpoint takes the schema of an answer, told while the crate compiles.

use super::measure::{Measure, measure};
use super::rules::Rules;
use crate::contract::{Report, Shape};
use crate::provider::Model;

/// A step asks its models for an answer of this shape.
///
/// # Panics
///
/// With what is too large, for which provider and by which rule, while the crate compiles.
#[track_caller]
pub const fn answerable(step: &str, shape: &'static Shape, models: &[Model]) {
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
    let counts = [
        (found.properties, limits.properties, "properties", MANY),
        (found.depth, limits.depth, "levels of objects within objects", DEEP),
        (found.letters, limits.letters, "letters of names", MANY),
    ];
    let mut at = 0;
    while at < counts.len() {
        let (count, most, what, way_out) = counts[at];
        at += 1;
        let Some(most) = most else { continue };
        if count <= most {
            continue;
        }
        let mut report = Report::new().headline(&["step `", step, "` asks `", model.id(), "` for an answer that has "]);
        report.write_int(count);
        report.write(&[" ", what, ", and the provider takes "]);
        report.write_int(most);
        if at == 2 {
            deepest(&mut report, &found);
        }
        report.write(&["\n  ", way_out]);
        report.write(&["\n  rule: ", rules.source, " (", rules.read, ")"]);
        report.write(&["\n  see flow::errors::answer"]);
        panic!("{}", report.as_str());
    }
}

const MANY: &str = "ask for parts of it in several steps, or ask a model of another provider";
const DEEP: &str = "move what is deepest up: a list of its own with ids in place of nesting, or a second step; or ask a model of another provider";

const fn deepest(report: &mut Report, found: &Measure) {
    report.write(&["\n  the deepest is `"]);
    let mut at = 0;
    while at < found.path.len {
        report.write(&[".", found.path.names[at]]);
        at += 1;
    }
    report.write(&["`"]);
}
