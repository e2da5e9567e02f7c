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

/// A place of a template that reads an argument.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// Which argument, by its position.
    pub argument: usize,
    /// The way from the argument to what is read.
    pub path: &'a [Seg],
    /// How many places of the way, the argument being the first, are known to be there: an `if` or a `default` says so.
    pub present: usize,
    /// What is done with it.
    pub how: How,
    /// Line and column in the template, as `3:14`.
    pub at: &'a str,
    /// The line of the template, and a second one that marks the place, both indented.
    pub excerpt: &'a str,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seg {
    /// `.name`, by the name that is written to JSON.
    Field(&'static str),
    /// Each element in turn, as a `for` gives them; of an object, each key.
    Item,
    /// Each value of an object in turn, as `for key, value in map|items` gives them.
    Value,
    /// `[2]`
    Index(usize),
    /// `[key]`, the key being known only when the template is rendered.
    Lookup,
}

/// What a template does with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It becomes text.
    Print,
    /// A `for` goes over it.
    Iterate,
    /// It is only looked at, so it may be absent: in an `if`, or compared.
    Test,
    /// A filter or an operator takes it, by that name.
    Input(&'static str),
}

/// Follows every use; the text lists what does not fit, and is empty if all fits.
///
/// `template` says which one it is, as in ``prompt of step `extract` ``.
pub const fn check(template: &str, arguments: &[(&'static str, &'static Shape)], uses: &[Use<'_>]) -> Text {
    let mut report = Report::new(template, arguments, uses);
    let mut i = 0;
    while i < uses.len() {
        follow(&mut report, i, arguments[uses[i].argument].1);
        i += 1;
    }
    report.finish()
}

/// Stops the build with the text of a [`check`], at the caller's place.
///
/// # Panics
///
/// If the text is not empty.
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
