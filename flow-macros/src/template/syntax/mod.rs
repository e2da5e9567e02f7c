//! The grammar of prompts: Jinja as minijinja reads it, for one template.
//!
//! What is accepted here, the run time's minijinja accepts too; `tests/differential` compares the two. Tags that exist
//! in Jinja and not in a prompt are kept as [`tree::Stmt::Refused`].

mod block;
mod expression;
pub(super) mod lexer;
mod limit;
mod literal;
mod operand;
mod parser;
mod statement;
mod target;
pub(super) mod tree;

use super::error::TemplateError;
use super::source::Source;
use tree::Stmt;

/// A result, or the first mistake of the text.
type Parsed<T> = Result<T, TemplateError>;

/// The tags and expressions of a template. Its text is left out.
pub(super) fn parse<'a>(source: &Source<'a>) -> Parsed<Vec<Stmt<'a>>> {
    parser::Parser::new(source)?.template()
}
