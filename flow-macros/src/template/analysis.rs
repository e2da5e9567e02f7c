//! The result of analysing a template.

use std::collections::BTreeSet;

use super::error::TemplateError;
use super::place::Seg;

/// The result of analysing one template.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    /// Every read of an argument, in template order.
    pub(crate) uses: Vec<Use>,
    /// Errors that need no types, in template order.
    pub(crate) errors: Vec<TemplateError>,
    /// Positions of the arguments that are mentioned, or probably meant by a misspelt name.
    pub(super) mentioned: BTreeSet<usize>,
    /// Part of the template was not analysed, so unused arguments cannot be determined.
    pub(super) unread: bool,
}

/// One read of an argument in the template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    /// The position of the argument.
    pub(crate) argument: usize,
    /// The path from the argument to the value that is read, in JSON names.
    pub(crate) path: Vec<Seg>,
    /// How many leading places of the path, counting the argument, are proven present by an `if` or a `default`.
    pub(crate) present: usize,
    /// How the value is used.
    pub(crate) how: How,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Counted in characters, from 1.
    pub(crate) column: usize,
    /// The line of the template, and a line of carets below it, both indented by four spaces.
    pub(crate) excerpt: String,
}

/// How a template uses a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum How {
    /// It is printed.
    Print,
    /// A `for` iterates over it.
    Iterate,
    /// It is only tested, so it may be absent.
    Test,
    /// It is compared with another value; it may be absent, too.
    Compare,
    /// It is the input of the filter or operator with this name.
    Input(String),
}

impl Use {
    /// `3:14`
    pub(crate) fn at(&self) -> String {
        format!("{}:{}", self.line, self.column)
    }
}

impl Analysis {
    pub(crate) fn unused(&self, arguments: &[String]) -> Vec<String> {
        let unused = |(position, _): &(usize, &String)| !self.unread && !self.mentioned.contains(position);
        arguments.iter().enumerate().filter(unused).map(|(_, name)| name.clone()).collect()
    }
}

/// The names a step provides to its template.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) arguments: &'a [String],
    /// States of the step, which templates cannot access.
    pub(crate) states: &'a [String],
}
