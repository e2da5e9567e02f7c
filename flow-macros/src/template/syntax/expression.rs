//! Operators, from the lowest precedence to the highest.

use super::parser::{Parser, Result};
use super::token::Token;
use super::tree::{Binary, Expr, If, Kind, Unary};

/// Arithmetic operators with their precedence.
const MATH: &[(&str, u8)] = &[("+", 1), ("-", 1), ("~", 2), ("*", 3), ("/", 3), ("//", 3), ("%", 3), ("**", 4)];

impl<'a> Parser<'a, '_> {
    pub(super) fn expr(&mut self) -> Result<Expr<'a>> {
        self.deeper(Self::conditional)
    }

    /// `a if b else c`
    fn conditional(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut expr = self.no_if()?;
        while self.take_word("if") {
            let test = self.no_if()?;
            let no = if self.take_word("else") { Some(self.conditional()?) } else { None };
            expr = self.since(start, Kind::If(Box::new(If { test, yes: expr, no })));
        }
        Ok(expr)
    }

    /// An expression in a tag in which a following `if` belongs to the tag.
    pub(super) fn no_if(&mut self) -> Result<Expr<'a>> {
        self.logical("or", Binary::Or, |parser| parser.logical("and", Binary::And, Self::not))
    }

    fn logical(
        &mut self,
        word: &str,
        operator: Binary,
        operand: impl Fn(&mut Self) -> Result<Expr<'a>>,
    ) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut left = operand(self)?;
        while self.take_word(word) {
            let right = operand(self)?;
            left = self.since(start, Kind::Binary(operator, Box::new([left, right])));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expr<'a>> {
        let mut starts = Vec::new();
        while self.is_word("not") {
            starts.push(self.here().start);
            self.advance();
        }
        let expr = self.comparison()?;
        Ok(self.wrapped(&starts, Unary::Not, expr))
    }

    /// Wraps the expression in one operator per start offset, the last one innermost.
    pub(super) fn wrapped(&self, starts: &[usize], operator: Unary, expr: Expr<'a>) -> Expr<'a> {
        let wrap = |expr, start: &usize| self.since(*start, Kind::Unary(operator, Box::new(expr)));
        starts.iter().rev().fold(expr, wrap)
    }

    fn comparison(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut operands = vec![self.math(1)?];
        let mut first = None;
        while let Some(operator) = self.comparator()? {
            first.get_or_insert(operator);
            operands.push(self.math(1)?);
        }
        let Some((operator, negated)) = first.filter(|_| operands.len() == 2) else {
            return Ok(match operands.len() {
                1 => operands.remove(0),
                _ => self.since(start, Kind::Chain(operands)),
            });
        };
        let (right, left) = (operands.remove(1), operands.remove(0));
        let expr = self.since(start, Kind::Binary(operator, Box::new([left, right])));
        Ok(if negated { self.wrapped(&[start], Unary::Not, expr) } else { expr })
    }

    /// The comparison operator, and whether it is negated, as in `not in`.
    fn comparator(&mut self) -> Result<Option<(Binary, bool)>> {
        let operator = match self.peek() {
            Token::Symbol("==") => (Binary::Eq, false),
            Token::Symbol("!=") => (Binary::Ne, false),
            Token::Symbol("<" | "<=" | ">" | ">=") => (Binary::Order, false),
            Token::Name("in") => (Binary::In, false),
            Token::Name("not") => (Binary::In, true),
            _ => return Ok(None),
        };
        self.advance();
        if operator.1 && !self.take_word("in") {
            return Err(self.unexpected("`in`"));
        }
        Ok(Some(operator))
    }

    /// Parses operators of at least this precedence.
    fn math(&mut self, least: u8) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut left = self.filtered()?;
        while let Token::Symbol(found) = self.peek()
            && let Some((operator, level)) = MATH.iter().find(|(operator, level)| *operator == found && *level >= least)
        {
            self.advance();
            let right = self.math(level + 1)?;
            left = self.since(start, Kind::Binary(Binary::Math(operator), Box::new([left, right])));
        }
        Ok(left)
    }
}
