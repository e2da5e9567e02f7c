//! Errors in a template, with their position and an excerpt.

use std::fmt;
use std::ops::Range;

use flow_base::near::did_you_mean;

use super::names::STATEMENTS;
use super::source::Source;
use crate::page::{self, Page};

/// An error that can be detected without types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    pub(crate) page: Page,
    /// The problem and how to fix it.
    pub(crate) message: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Counted in characters, from 1.
    pub(crate) column: usize,
    /// The line of the template, and a line of carets below it, both indented by four spaces.
    pub(crate) excerpt: String,
}

impl TemplateError {
    pub(super) fn new(source: &Source<'_>, range: Range<usize>, message: impl Into<String>) -> Self {
        let (line, column) = source.position(range.start);
        Self { page: page::PROMPT_SYNTAX, message: message.into(), line, column, excerpt: source.excerpt(range) }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at {}:{})\n{}", self.message, self.line, self.column, self.excerpt)
    }
}

pub(super) fn unknown_statement(name: &str) -> String {
    if STATEMENTS.contains(&name) {
        return format!("unexpected `{{% {name} %}}`: it matches no open tag");
    }
    let hint = did_you_mean(name, STATEMENTS.iter().copied());
    format!("unknown tag `{{% {name} %}}`{hint}")
}
