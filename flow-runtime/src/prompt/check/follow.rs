//! The check of one use of an argument.

use super::How;
use super::kind::{Kinds, MANY, OBJECT};
use super::opaque::{self, Hidden};
use super::say::Report;
use super::step::{Absent, Step, step};
use super::walk::{Concrete, Defs, Shapes, concrete};
use crate::contract::Shape;

/// Follows one use from its argument to the value it reads, and reports the first problem.
pub(super) const fn follow(report: &mut Report<'_>, number: usize, argument: &'static Shape) {
    let usage = &report.uses[number];
    let mut defs = Defs::new();
    let mut shapes = Shapes::one(argument);
    let mut absent = None;
    let mut place = 0;
    loop {
        let here = concrete(&shapes, &mut defs);
        // No value is ever written here: the contract was rejected, or the type has no values.
        if here.shapes.len == 0 && !here.null {
            return;
        }
        if here.null && absent.is_none() {
            absent = Some(Absent::Null);
        }
        if let (Some(why), false) = (absent, matches!(usage.how, How::Test | How::Compare) || place < usage.present) {
            return report.absent(number, place, why);
        }
        if place == usage.path.len() {
            return judge(report, number, &here, &mut defs);
        }
        if let Some(name) = opaque::at(&here) {
            return report.opaque(number, place, name, false);
        }
        match step(&here, usage.path[place], &mut defs) {
            Step::To { shapes: next, absent: why } => (shapes, absent) = (next, why),
            Step::NoField(name) => return report.no_field(number, place, &shapes, &here, name, &mut defs),
            Step::NoItems => return report.wrong_kind(number, place, "for", MANY, &here),
            Step::NoIndex => return report.wrong_kind(number, place, "[…]", MANY, &here),
            Step::NoPairs => return report.wrong_kind(number, place, "items", OBJECT, &here),
            Step::Short(elements) => return report.short(number, place, elements),
        }
        place += 1;
    }
}

/// Checks that the value can be used in this way.
const fn judge(report: &mut Report<'_>, number: usize, here: &Concrete, defs: &mut Defs) {
    let usage = &report.uses[number];
    let place = usage.path.len();
    let kinds = Kinds::at(here);
    match usage.how {
        How::Test => {}
        How::Compare if kinds.is_media() => report.wrong_kind(number, place, "==", Kinds::ANY, here),
        How::Compare => {}
        How::Iterate if !kinds.within(MANY) => {
            report.wrong_kind(number, place, "for", MANY, here);
        }
        How::Iterate => {}
        How::Input(name) if !kinds.within(Kinds::taken_by(name)) => {
            report.wrong_kind(number, place, name, Kinds::taken_by(name), here);
        }
        How::Print | How::Input(_) => {
            if let Some(name) = opaque::at(here) {
                return report.opaque(number, place, name, false);
            }
            if report.system && kinds.is_media() {
                return report.media_in_system(number, place, here);
            }
            let prints = match usage.how {
                How::Input(name) => Kinds::taken_by(name).is_any(),
                _ => true,
            };
            match opaque::within(here, prints, defs) {
                Some(Hidden::Opaque(name)) => report.opaque(number, place, name, true),
                Some(Hidden::Media(kind)) => report.media_inside(number, place, kind),
                None => {}
            }
        }
    }
}
