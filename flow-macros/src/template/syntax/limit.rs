//! Limits on the size of a template.
//!
//! The parser, the walk and minijinja recurse once per operator. A limit on the tokens per tag bounds the recursion, far
//! above what people write.

use std::ops::Range;

use super::token::Token;
use crate::template::error::TemplateError;
use crate::template::source::Source;

const TOKENS_PER_TAG: usize = 600;
const BRANCHES: usize = 200;
const BYTES: usize = 4 << 20;
/// Nested brackets, tags and operators, counted like minijinja does.
const DEPTH: usize = 150;

#[derive(Debug, Default)]
pub(super) struct Limits {
    tokens: usize,
    branches: usize,
    depth: usize,
}

/// Checks the size of the complete template.
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
            format!("a tag has more than {TOKENS_PER_TAG} words and operators; split it with `set`")
        } else if self.branches > BRANCHES {
            format!("more than {BRANCHES} branches in one template")
        } else {
            return Ok(());
        };
        Err(TemplateError::new(source, range.clone(), message))
    }

    /// Enters one nesting level.
    pub(super) fn descend(&mut self, source: &Source<'_>, range: Range<usize>) -> Result<(), TemplateError> {
        self.depth += 1;
        if self.depth > DEPTH {
            let message = format!("more than {DEPTH} nested tags and brackets; split them with `set`");
            return Err(TemplateError::new(source, range, message));
        }
        Ok(())
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }
}
