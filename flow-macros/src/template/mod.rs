//! Static analysis of prompt templates, at macro expansion.
//!
//! A macro sees names but not types. This module rejects what names alone reveal (a variable that is not an argument, an
//! unknown filter, invalid syntax) and lists every read of an argument, with its path. A constant in the user's crate later
//! checks that these paths exist in the argument's contract.
//!
//! A template that passes both checks renders for every value, as far as shapes can tell. Errors that depend on the value
//! remain possible: a division by zero, a `range` of millions, a string that `format` cannot parse.

mod analysis;
mod call;
mod error;
mod expression;
mod fact;
mod filter;
mod names;
mod place;
mod printed;
mod scope;
mod signature;
mod source;
mod statement;
mod syntax;
mod walk;

pub(crate) use analysis::{Analysis, How, Names, Use};
pub(crate) use place::Seg;
pub(crate) use printed::printed;
use source::Source;

/// Analyses a template against the argument names of a step.
pub(crate) fn analyse(source: &str, names: Names<'_>) -> Analysis {
    let text = Source::new(source);
    match syntax::parse(&text) {
        Ok(template) => walk::walk(&text, names, &template),
        Err(error) => Analysis { errors: vec![error], unread: true, ..Analysis::default() },
    }
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
