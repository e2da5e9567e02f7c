//! Compile-time check that a template fits the contracts of its arguments.
//!
//! The macro knows the template but not the types; here the types are known, and the template is a list of [`Use`]s. Each use is
//! followed through the shape of its argument by JSON names, because those are what a template reads when it is rendered.

mod attached;
mod constant;
mod field;
mod follow;
mod kind;
mod opaque;
mod say;
mod step;
mod text;
mod usage;
mod walk;

use crate::contract::Shape;
pub use attached::{attached, media_in, path};
pub use constant::{constant, constant_system, is_empty, mentions};
use follow::follow;
use say::Report;
pub use text::Text;
pub use usage::{How, Seg, Use};

/// Checks every use. The result lists all problems, and is empty if there are none.
///
/// `template` names the template, as in ``prompt of step `extract` ``.
pub const fn check(template: &str, arguments: &[(&'static str, &'static Shape)], uses: &[Use<'_>]) -> Text {
    checked(Report::new(template, arguments, uses))
}

/// Like [`check`], for a system message, which cannot have attachments.
pub const fn check_system(template: &str, arguments: &[(&'static str, &'static Shape)], uses: &[Use<'_>]) -> Text {
    checked(Report::new(template, arguments, uses).of_system(true))
}

const fn checked(mut report: Report<'_>) -> Text {
    let (arguments, uses) = (report.arguments, report.uses);
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

#[cfg(test)]
mod tests;
