//! Sizes beyond which a template is refused before it is parsed.
//!
//! The parser and everything after it call themselves once per operator, and not all of that is bounded there. A limit on
//! the tokens of one tag bounds it here, far above what a person writes.

use minijinja::machinery::{Token, tokenize};

use super::error::{self, TemplateError};
use super::source::Source;

const TOKENS_PER_TAG: usize = 600;
const BRANCHES: usize = 200;
const BYTES: usize = 4 << 20;

pub(super) fn check(source: &Source<'_>) -> Result<(), TemplateError> {
    if source.0.len() > BYTES {
        return Err(TemplateError::new(source, 0..0, "the template is larger than 4 MiB"));
    }
    let (mut tokens, mut branches) = (0, 0);
    for token in tokenize(source.0, false, Default::default()) {
        let (token, span) = token.map_err(|error| error::syntax(source, &error))?;
        let range = span.start_offset as usize..span.end_offset as usize;
        match token {
            Token::VariableStart | Token::BlockStart => tokens = 0,
            Token::Ident("elif") if tokens == 0 => branches += 1,
            _ => tokens += 1,
        }
        if tokens > TOKENS_PER_TAG {
            let message = format!("a tag of more than {TOKENS_PER_TAG} words and operators; take it apart with `set`");
            return Err(TemplateError::new(source, range, message));
        }
        if branches > BRANCHES {
            return Err(TemplateError::new(source, range, format!("more than {BRANCHES} branches in one template")));
        }
    }
    Ok(())
}
