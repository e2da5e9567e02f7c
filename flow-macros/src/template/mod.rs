//! What a prompt template reads, found in its syntax tree while the macro expands.
//!
//! The macro knows names and not types. So this module refuses what names alone can tell (a variable that is no argument,
//! an unknown filter, wrong syntax) and lists every place that reads an argument, with the path it takes. Whether such a
//! path exists in the argument's contract is decided later, in a constant of the user's crate.
//!
//! What is accepted by both renders for every value, as far as shapes can tell. What depends on the value itself can
//! still fail: a division by zero, a `range` of millions, a text that `format` cannot read.

mod call;
mod error;
mod expression;
mod fact;
mod filter;
mod names;
mod place;
mod scope;
mod signature;
mod source;
mod statement;
mod syntax;
mod walk;

use std::collections::BTreeSet;

pub(crate) use error::TemplateError;
pub(crate) use place::Seg;
use source::Source;

/// What was found in one template.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    /// Each place that reads an argument, in the order of the text.
    pub(crate) uses: Vec<Use>,
    /// What is wrong already, in the order of the text.
    pub(crate) errors: Vec<TemplateError>,
    /// Positions of the arguments that are mentioned, or that a misspelt name probably meant.
    mentioned: BTreeSet<usize>,
    /// The text could not be read to its end, so nothing can be said of what it leaves out.
    unread: bool,
}

/// A place of the template that reads an argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    /// The argument, by its position.
    pub(crate) argument: usize,
    /// The way from the argument to what is read, by the names written to JSON.
    pub(crate) path: Vec<Seg>,
    /// How many places of the way, the argument being the first, an `if` or a `default` says are there.
    pub(crate) present: usize,
    /// What is done with it.
    pub(crate) how: How,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Counted in characters, from 1.
    pub(crate) column: usize,
    /// The line of the template and a line that marks the place, both indented by four.
    pub(crate) excerpt: String,
}

/// What a template does with a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum How {
    /// It becomes text.
    Print,
    /// A `for` goes over it.
    Iterate,
    /// It is only looked at, so it may be absent.
    Test,
    /// A filter or an operator takes it, by that name.
    Input(String),
}

impl Use {
    /// `3:14`
    pub(crate) fn at(&self) -> String {
        format!("{}:{}", self.line, self.column)
    }
}

impl Analysis {
    /// The arguments that this template does not mention.
    pub(crate) fn unused(&self, arguments: &[String]) -> Vec<String> {
        let unused = |(position, _): &(usize, &String)| !self.unread && !self.mentioned.contains(position);
        arguments.iter().enumerate().filter(unused).map(|(_, name)| name.clone()).collect()
    }
}

/// The names that a step gives to a template.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) arguments: &'a [String],
    /// What the step is lent, which no template sees.
    pub(crate) states: &'a [String],
}

/// Reads a template against the names of a step's arguments.
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
