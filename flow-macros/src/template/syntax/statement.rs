//! Parses a template as a sequence of tags.

use std::ops::Range;

use super::parser::{Parser, Result};
use super::token::Token;
use super::tree::{Expr, Kind, Stmt};
use crate::template::error::TemplateError;
use crate::template::error::unknown_statement;

impl<'a> Parser<'a, '_> {
    pub(super) fn template(mut self) -> Result<Vec<Stmt<'a>>> {
        let (statements, _) = self.statements(&[])?;
        self.end()?;
        Ok(statements)
    }

    /// Parses statements up to a tag that starts with one of these words, and returns that word too.
    fn statements(&mut self, ends: &[&str]) -> Result<(Vec<Stmt<'a>>, &'a str)> {
        let mut statements = Vec::new();
        loop {
            match self.advance() {
                Token::Symbol("{{") => {
                    statements.push(Stmt::Print(self.expr()?));
                    self.expect("}}")?;
                }
                Token::Symbol("{%") => {
                    if let Token::Name(word) = self.peek()
                        && ends.contains(&word)
                    {
                        self.advance();
                        return Ok((statements, word));
                    }
                    statements.push(self.deeper(Self::statement)?);
                    self.expect("%}")?;
                }
                _ if ends.is_empty() => return Ok((statements, "")),
                _ => return Err(self.unexpected("a tag")),
            }
        }
    }

    /// Parses the body of a tag up to a tag that starts with one of these words, and returns that word too.
    pub(super) fn body(&mut self, tag: &(&'a str, Range<usize>), ends: &[&str]) -> Result<(Vec<Stmt<'a>>, &'a str)> {
        self.expect("%}")?;
        self.open.push(tag.clone());
        let body = self.statements(ends)?;
        self.open.pop();
        Ok(body)
    }

    /// Parses a body with `break` and `continue` allowed or not.
    pub(super) fn within_loop<T>(&mut self, in_loop: bool, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let outer = std::mem::replace(&mut self.in_loop, in_loop);
        let result = parse(self);
        self.in_loop = outer;
        result
    }

    fn statement(&mut self) -> Result<Stmt<'a>> {
        let tag = self.expect_name("a tag such as `if`")?;
        match tag.0 {
            "for" => self.for_loop(&tag),
            "if" => self.if_block(&tag),
            "with" => self.with_block(&tag),
            "set" => self.set(&tag),
            "filter" => self.filter_block(&tag),
            "macro" => self.macro_block(&tag),
            "call" => self.call_block(&tag),
            "do" => self.expr_called().map(Stmt::Do),
            "break" | "continue" if !self.in_loop => {
                let message = format!("`{{% {} %}}` is only allowed in the body of a `for`", tag.0);
                Err(self.error(tag.1, message))
            }
            "break" => Ok(Stmt::Break),
            "continue" => Ok(Stmt::Continue),
            "autoescape" | "block" | "extends" | "from" | "import" | "include" => self.refused(&tag),
            _ => Err(self.unknown(&tag)),
        }
    }

    /// The call in a `do` or `call` tag.
    pub(super) fn expr_called(&mut self) -> Result<Expr<'a>> {
        let expr = self.expr()?;
        if !matches!(expr.kind, Kind::Call(_)) {
            return Err(self.error(expr.range(), "this tag requires a call, such as `name(…)`"));
        }
        Ok(expr)
    }

    /// Parses a tag that prompts do not support, skipping its arguments.
    fn refused(&mut self, tag: &(&'a str, Range<usize>)) -> Result<Stmt<'a>> {
        while !matches!(self.peek(), Token::Symbol("%}") | Token::End) {
            self.advance();
        }
        let (body, _) = match tag.0 {
            "block" => self.within_loop(false, |parser| parser.body(tag, &["endblock"]))?,
            "autoescape" => self.body(tag, &["endautoescape"])?,
            _ => Default::default(),
        };
        // `{% endblock name %}`
        if tag.0 == "block" && matches!(self.peek(), Token::Name(_)) {
            self.advance();
        }
        Ok(Stmt::Refused(tag.0, tag.1.start, body))
    }

    fn unknown(&self, tag: &(&'a str, Range<usize>)) -> TemplateError {
        let mut message = unknown_statement(tag.0);
        if let Some((open, range)) = self.open.last()
            && tag.0.starts_with("end")
        {
            let (line, column) = self.source.position(range.start);
            message = format!("{message}; `{{% {open} %}}` is open since {line}:{column}");
        }
        TemplateError::new(self.source, tag.1.clone(), message)
    }
}
