//! The grammar of prompts: minijinja's dialect of Jinja, for a single template.
//!
//! Every template accepted here is also accepted by the minijinja used at run time; `tests/differential` compares the two.
//! Jinja tags that prompts do not support are kept as [`tree::Stmt::Refused`].

mod block;
mod expression;
pub(super) mod lexer;
mod limit;
mod literal;
mod operand;
mod parser;
mod statement;
mod target;
pub(super) mod token;
pub(super) mod tree;

use super::source::Source;
use parser::{Parser, Result};
use tree::Stmt;

/// Parses the tags and expressions of a template. Plain text is omitted.
pub(super) fn parse<'a>(source: &Source<'a>) -> Result<Vec<Stmt<'a>>> {
    Parser::new(source)?.template()
}
