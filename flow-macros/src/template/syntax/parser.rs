//! The state of the parser and its access to tokens.

use std::ops::Range;

use super::lexer::{Tokens, lex};
use super::limit::{self, Limits};
use super::token::Token;
use super::tree::{Expr, Kind};
use crate::template::error::TemplateError;
use crate::template::source::Source;

pub(super) type Result<T> = std::result::Result<T, TemplateError>;

pub(super) struct Parser<'a, 's> {
    pub(super) source: &'s Source<'a>,
    tokens: Vec<(Token<'a>, Range<usize>)>,
    /// The error that ended tokenizing early, if any.
    stop: Option<TemplateError>,
    at: usize,
    limits: Limits,
    /// Whether `break` and `continue` are allowed.
    pub(super) in_loop: bool,
    /// Tags not closed yet.
    pub(super) open: Vec<(&'a str, Range<usize>)>,
}

impl<'a, 's> Parser<'a, 's> {
    pub(super) fn new(source: &'s Source<'a>) -> Result<Self> {
        limit::size(source)?;
        let Tokens { tokens, stop } = lex(source);
        Ok(Self { source, tokens, stop, at: 0, limits: Limits::default(), in_loop: false, open: Vec::new() })
    }

    pub(super) fn peek(&self) -> Token<'a> {
        self.tokens.get(self.at).map_or(Token::End, |(token, _)| *token)
    }

    /// The range of the next token, or of the last one at the end.
    pub(super) fn here(&self) -> Range<usize> {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        token.map_or(0..0, |(_, range)| range.clone())
    }

    pub(super) fn advance(&mut self) -> Token<'a> {
        let token = self.peek();
        self.at += usize::from(token != Token::End);
        token
    }

    pub(super) fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if found == symbol)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.peek() == Token::Name(word)
    }

    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    /// Takes a name and returns it with its range.
    pub(super) fn expect_name(&mut self, what: &str) -> Result<(&'a str, Range<usize>)> {
        let range = self.here();
        match self.peek() {
            Token::Name(name) => {
                self.at += 1;
                Ok((name, range))
            }
            _ => Err(self.unexpected(what)),
        }
    }

    /// Comma-separated items up to a closing bracket, with an optional trailing comma.
    pub(super) fn separated<T>(&mut self, close: &str, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while !self.take(close) {
            if !items.is_empty() {
                if !self.take(",") {
                    return Err(self.unexpected(&format!("`,` or `{close}`")));
                }
                if self.take(close) {
                    break;
                }
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Parses one nesting level deeper.
    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.limits.descend(self.source, self.here())?;
        let result = parse(self);
        self.limits.ascend();
        result
    }

    /// An expression from a start offset to the last token taken.
    pub(super) fn since(&self, start: usize, kind: Kind<'a>) -> Expr<'a> {
        let end = self.at.checked_sub(1).map_or(start, |last| self.tokens[last].1.end);
        Expr::new(kind, start..end)
    }

    pub(super) fn error(&self, range: Range<usize>, message: impl std::fmt::Display) -> TemplateError {
        TemplateError::new(self.source, range, format!("template syntax: {message}"))
    }

    /// The error for an unexpected next token.
    pub(super) fn unexpected(&self, expected: &str) -> TemplateError {
        match self.peek() {
            Token::End => self.stop.clone().unwrap_or_else(|| self.never_closed()),
            found => self.error(self.here(), format!("unexpected {found}, expected {expected}")),
        }
    }

    /// The error for a template that ends inside a tag or before its closing tag.
    fn never_closed(&self) -> TemplateError {
        let is_edge = |(token, _): &&(Token<'_>, _)| matches!(token, Token::Symbol("{{" | "{%" | "}}" | "%}"));
        match (self.tokens.iter().rev().find(is_edge), self.open.last()) {
            (Some((Token::Symbol(open @ ("{{" | "{%")), range)), _) => {
                let close = if *open == "{{" { "}}" } else { "%}" };
                self.error(range.clone(), format!("this `{open}` is never closed; add `{close}`"))
            }
            (_, Some((tag, range))) => {
                let message = format!("`{{% {tag} %}}` is never closed; add `{{% end{tag} %}}`");
                self.error(range.clone(), message)
            }
            _ => self.error(self.here(), "cannot parse the template"),
        }
    }

    /// Fails if tokenizing stopped before the end of the template.
    pub(super) fn end(&mut self) -> Result<()> {
        self.stop.take().map_or(Ok(()), Err)
    }
}
