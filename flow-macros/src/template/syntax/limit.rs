//! Sizes beyond which a template is refused.
//!
//! The parser, the walk and minijinja recurse once per operator. A limit on the tokens of one tag bounds that, far above
//! what a person writes.

use std::ops::Range;

use super::lexer::Token;
use crate::template::error::TemplateError;
use crate::template::source::Source;

const TOKENS_PER_TAG: usize = 600;
const BRANCHES: usize = 200;
const BYTES: usize = 4 << 20;
/// Brackets, tags and operators within each other, counted as minijinja counts them.
const DEPTH: usize = 150;

/// Counts so far.
#[derive(Debug, Default)]
pub(super) struct Limits {
    tokens: usize,
    branches: usize,
    depth: usize,
}

/// The size of the whole text.
pub(super) fn size(source: &Source<'_>) -> Result<(), TemplateError> {
    if source.0.len() > BYTES {
        return Err(TemplateError::new(source, 0..0, "the template is larger than 4 MiB"));
    }
    Ok(())
}

impl Limits {
    pub(super) fn count(
        &mut self,
        source: &Source<'_>,
        token: Token<'_>,
        range: &Range<usize>,
    ) -> Result<(), TemplateError> {
        match token {
            Token::Symbol("{{" | "{%") => self.tokens = 0,
            Token::Name("elif") if self.tokens == 0 => self.branches += 1,
            _ => self.tokens += 1,
        }
        let message = if self.tokens > TOKENS_PER_TAG {
            format!("a tag of more than {TOKENS_PER_TAG} words and operators; take it apart with `set`")
        } else if self.branches > BRANCHES {
            format!("more than {BRANCHES} branches in one template")
        } else {
            return Ok(());
        };
        Err(TemplateError::new(source, range.clone(), message))
    }

    /// One level further down.
    pub(super) fn descend(&mut self, source: &Source<'_>, range: Range<usize>) -> Result<(), TemplateError> {
        self.depth += 1;
        if self.depth > DEPTH {
            let message = format!("more than {DEPTH} levels of tags and brackets; take it apart with `set`");
            return Err(TemplateError::new(source, range, message));
        }
        Ok(())
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }
}
