//! Tokenizes the tags of a template and skips the text between them.

use std::ops::Range;

use super::limit::Limits;
use super::literal::{name_len, number_len, string_len};
use super::token::Token;
use crate::template::error::TemplateError;
use crate::template::source::Source;

/// Longest first, so that the first match is the right one.
const SYMBOLS: &[&str] = &[
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", ".", ",", ":", "~", "|", "=", ">", "<", "(", ")", "[",
    "]", "{", "}",
];

/// The tokens, up to the first error.
pub(in crate::template) struct Tokens<'a> {
    pub(in crate::template) tokens: Vec<(Token<'a>, Range<usize>)>,
    pub(in crate::template) stop: Option<TemplateError>,
}

pub(in crate::template) fn lex<'a>(source: &Source<'a>) -> Tokens<'a> {
    let mut lexer = Lexer { source, at: 0, tokens: Vec::new(), limits: Limits::default() };
    let stop = lexer.template().err();
    Tokens { tokens: lexer.tokens, stop }
}

struct Lexer<'a, 's> {
    source: &'s Source<'a>,
    at: usize,
    tokens: Vec<(Token<'a>, Range<usize>)>,
    limits: Limits,
}

impl<'a> Lexer<'a, '_> {
    fn rest(&self) -> &'a str {
        &self.source.0[self.at..]
    }

    fn template(&mut self) -> Result<(), TemplateError> {
        let begins = |pair: &[u8]| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#');
        while let Some(text) = self.rest().as_bytes().windows(2).position(begins) {
            self.at += text;
            let open = &self.rest()[..2];
            let len = 2 + usize::from(self.rest()[2..].starts_with(['-', '+']));
            match open {
                "{#" => self.comment(len)?,
                "{{" => self.tag("{{", "}}", len)?,
                _ => match closed_tag(&self.rest()[len..], "raw") {
                    Some(tag) => self.raw(len + tag)?,
                    None => self.tag("{%", "%}", len)?,
                },
            }
        }
        self.at = self.source.0.len();
        Ok(())
    }

    fn comment(&mut self, open: usize) -> Result<(), TemplateError> {
        match self.rest()[open..].find("#}") {
            Some(len) => self.at += open + len + 2,
            None => return Err(self.error(open, "this comment is never closed; add `#}`")),
        }
        Ok(())
    }

    fn raw(&mut self, open: usize) -> Result<(), TemplateError> {
        let mut at = open;
        while let Some(len) = self.rest()[at..].find("{%") {
            at += len + 2;
            let tag = &self.rest()[at..];
            let control = usize::from(tag.starts_with(['-', '+']));
            if let Some(end) = closed_tag(&tag[control..], "endraw") {
                self.at += at + control + end;
                return Ok(());
            }
        }
        Err(self.error(open, "`{% raw %}` is never closed; add `{% endraw %}`"))
    }

    fn tag(&mut self, open: &'static str, close: &'static str, len: usize) -> Result<(), TemplateError> {
        self.push(Token::Symbol(open), len)?;
        let mut braces = Vec::new();
        loop {
            let rest = self.rest().trim_ascii_start();
            self.at = self.source.0.len() - rest.len();
            // `}}` may also end a map within a map.
            let in_map = close == "}}" && braces.last() == Some(&"{");
            let end = rest.strip_prefix(['-', '+']).unwrap_or(rest);
            if rest.is_empty() {
                return Ok(());
            }
            if end.starts_with(close) && !in_map {
                return self.push(Token::Symbol(close), rest.len() - end.len() + 2);
            }
            let (token, len) = self.token()?;
            match token {
                Token::Symbol(open @ ("(" | "[" | "{")) => braces.push(open),
                Token::Symbol(")" | "]" | "}") => drop(braces.pop()),
                _ => {}
            }
            self.push(token, len)?;
        }
    }

    fn token(&self) -> Result<(Token<'a>, usize), TemplateError> {
        let rest = self.rest();
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            return Ok((Token::Symbol(symbol), symbol.len()));
        }
        let (kind, len): (fn(&'a str) -> Token<'a>, usize) = match rest.as_bytes()[0] {
            b'\'' | b'"' => match string_len(rest) {
                Some(len) => (Token::Text, len),
                None => return Err(self.error(rest.len(), "this string is never closed")),
            },
            b'0'..=b'9' => (Token::Number, number_len(rest, self.source.0[..self.at].ends_with('.'))),
            _ => (Token::Name, name_len(rest)),
        };
        if len == 0 { Err(self.stray()) } else { Ok((kind(&rest[..len]), len)) }
    }

    /// The error for a character that cannot occur in a tag.
    fn stray(&self) -> TemplateError {
        let found = self.rest().chars().next().unwrap_or_default();
        if found == '#' && self.source.0[..self.at].ends_with('r') {
            let message = "unexpected `r#`: templates name arguments without it, as in `{{ type }}`";
            return TemplateError::new(self.source, self.at - 1..self.at + 1, message);
        }
        let hint = match found {
            '&' => "; write `and`",
            '!' => "; write `not`",
            _ => "",
        };
        self.error(found.len_utf8(), &format!("unexpected character `{}`{hint}", found.escape_debug()))
    }

    fn push(&mut self, token: Token<'a>, len: usize) -> Result<(), TemplateError> {
        let range = self.at..self.at + len;
        self.limits.count(self.source, token, &range)?;
        self.tokens.push((token, range));
        self.at += len;
        Ok(())
    }

    fn error(&self, len: usize, message: &str) -> TemplateError {
        TemplateError::new(self.source, self.at..self.at + len, format!("template syntax: {message}"))
    }
}

/// The length of a tag that consists of a name only, from after its opening delimiter to its end.
fn closed_tag(text: &str, name: &str) -> Option<usize> {
    let rest = text.trim_ascii_start().strip_prefix(name)?.trim_ascii_start();
    let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    rest.strip_prefix("%}").map(|rest| text.len() - rest.len())
}
