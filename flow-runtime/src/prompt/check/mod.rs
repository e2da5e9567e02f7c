//! Compile-time check that a template fits the contracts of its arguments.
//!
//! The macro knows the template but not the types; here the types are known, and the template is a list of [`Use`]s. Each use is
//! followed through the shape of its argument by JSON names, because those are what a template reads when it is rendered.

mod constant;
mod field;
mod kind;
mod opaque;
mod say;
mod step;
mod text;
mod walk;

use crate::contract::Shape;
pub use constant::{constant, is_empty, mentions};
use kind::{Kinds, MANY, OBJECT};
use say::Report;
use step::{Absent, Step};
pub use text::Text;
use walk::{Concrete, Defs, Shapes, concrete};

/// A use of an argument in a template.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The index of the argument.
    pub argument: usize,
    /// The path from the argument to the value that is read.
    pub path: &'a [Seg],
    /// How many places of the path, counted from the argument, are known to be present because of an `if` or a `default`.
    pub present: usize,
    /// How the value is used.
    pub how: How,
    /// The line and column in the template, such as `3:14`.
    pub at: &'a str,
    /// The line of the template, and a second one with carets under the use, both indented.
    pub excerpt: &'a str,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seg {
    /// `.name`, by its JSON name.
    Field(&'static str),
    /// Each element of a list, or each key of an object, as in a `for`.
    Item,
    /// Each value of an object, as in `for key, value in map|items`.
    Value,
    /// `[2]`
    Index(usize),
    /// `[key]` with a key known only when the template is rendered.
    Lookup,
}

/// What a template does with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Printed as text.
    Print,
    /// Iterated by a `for`.
    Iterate,
    /// Only tested, in an `if` or a comparison, so it may be absent.
    Test,
    /// Passed to the filter or operator of this name.
    Input(&'static str),
}

/// Checks every use. The result lists all problems, and is empty if there are none.
///
/// `template` names the template, as in ``prompt of step `extract` ``.
pub const fn check(template: &str, arguments: &[(&'static str, &'static Shape)], uses: &[Use<'_>]) -> Text {
    let mut report = Report::new(template, arguments, uses);
    let mut i = 0;
    while i < uses.len() {
        follow(&mut report, i, arguments[uses[i].argument].1);
        i += 1;
    }
    report.finish()
}

/// Fails the build with the text of a [`check`], at the caller's location.
///
/// # Panics
///
/// Panics if the text is not empty.
#[track_caller]
pub const fn enforce(text: &Text) {
    if !text.ok() {
        panic!("{}", text.as_str())
    }
}

/// Follows one use from its argument to the value it reads, and reports the first problem.
const fn follow(report: &mut Report<'_>, number: usize, argument: &'static Shape) {
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
        if let (Some(why), false) = (absent, matches!(usage.how, How::Test) || place < usage.present) {
            return report.absent(number, place, why);
        }
        if place == usage.path.len() {
            return judge(report, number, &here, &mut defs);
        }
        if let Some(name) = opaque::at(&here) {
            return report.opaque(number, place, name, false);
        }
        match step::step(&here, usage.path[place], &mut defs) {
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
        How::Iterate if !kinds.within(MANY) => {
            report.wrong_kind(number, place, "for", MANY, here);
        }
        How::Iterate => {}
        How::Input(name) if !kinds.within(Kinds::taken_by(name)) => {
            report.wrong_kind(number, place, name, Kinds::taken_by(name), here);
        }
        How::Print | How::Input(_) => {
            if let Some(name) = opaque::at(here) {
                report.opaque(number, place, name, false);
            } else if let Some(name) = opaque::within(here, defs) {
                report.opaque(number, place, name, true);
            }
        }
    }
}

#[cfg(test)]
mod tests;
