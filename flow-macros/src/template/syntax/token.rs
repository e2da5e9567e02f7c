//! The tokens of tags.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::template) enum Token<'a> {
    /// An operator, a bracket or a tag delimiter.
    Symbol(&'static str),
    Name(&'a str),
    /// A string with its quotes.
    Text(&'a str),
    Number(&'a str),
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol(token) => write!(f, "`{token}`"),
            Self::Name(token) | Self::Number(token) => write!(f, "`{token}`"),
            Self::Text(_) => f.write_str("a string"),
            Self::End => f.write_str("end of the template"),
        }
    }
}
