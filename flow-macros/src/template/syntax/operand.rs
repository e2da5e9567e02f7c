//! Operands: values with attributes, items and calls, filters and tests.

use super::literal;
use super::parser::{Parser, Result};
use super::token::Token;
use super::tree::{Applied, Arg, Call, Const, Expr, Kind, Unary};

impl<'a> Parser<'a, '_> {
    /// `a|filter is test`
    pub(super) fn filtered(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut expr = self.signed()?;
        loop {
            if self.take("|") {
                let filter = self.filter(Some(expr))?;
                expr = self.since(start, filter);
            } else if self.take_word("is") {
                expr = self.test(expr, start)?;
            } else {
                return Ok(expr);
            }
        }
    }

    /// Parses a filter, starting at its name.
    pub(super) fn filter(&mut self, of: Option<Expr<'a>>) -> Result<Kind<'a>> {
        let (name, at) = self.dotted("the name of a filter")?;
        let args = if self.is("(") { self.args()? } else { Vec::new() };
        Ok(Kind::Filter(Box::new(Applied { name, at, of, args })))
    }

    fn test(&mut self, of: Expr<'a>, start: usize) -> Result<Expr<'a>> {
        let negated = self.take_word("not");
        let (name, at) = self.dotted("the name of a test")?;
        let args = match self.peek() {
            Token::Symbol("(") => self.args()?,
            Token::Name("and" | "or" | "else" | "is") => Vec::new(),
            Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Symbol("+" | "-" | "[" | "{") => {
                vec![Arg::Value(self.signed()?)]
            }
            _ => Vec::new(),
        };
        let test = self.since(start, Kind::Test(Box::new(Applied { name, at, of: Some(of), args })));
        Ok(if negated { self.wrapped(&[start], Unary::Not, test) } else { test })
    }

    /// A name that may contain dots, and its start offset.
    fn dotted(&mut self, what: &str) -> Result<(&'a str, usize)> {
        let (_, mut range) = self.expect_name(what)?;
        while self.take(".") {
            range.end = self.expect_name(what)?.1.end;
        }
        Ok((self.source.slice(range.clone()), range.start))
    }

    /// Signs, a value and its attributes: `-a.b` is `-(a.b)`.
    fn signed(&mut self) -> Result<Expr<'a>> {
        let mut starts = Vec::new();
        while self.is("-") {
            starts.push(self.here().start);
            self.advance();
        }
        let start = self.here().start;
        let value = self.deeper(Self::value)?;
        let value = self.postfix(value, start)?;
        Ok(self.wrapped(&starts, Unary::Neg, value))
    }

    fn postfix(&mut self, mut expr: Expr<'a>, start: usize) -> Result<Expr<'a>> {
        loop {
            let kind = if self.take(".") {
                self.attribute(expr)?
            } else if self.take("[") {
                self.subscript(expr)?
            } else if self.is("(") {
                Kind::Call(Box::new(Call { of: expr, args: self.args()? }))
            } else {
                return Ok(expr);
            };
            expr = self.since(start, kind);
        }
    }

    fn attribute(&mut self, of: Expr<'a>) -> Result<Kind<'a>> {
        let range = self.here();
        match self.peek() {
            Token::Name(name) => {
                self.advance();
                Ok(Kind::Attribute(Box::new(of), name))
            }
            Token::Number(text) if matches!(literal::number(text), Ok(Some(_))) => {
                let index = self.number(text)?;
                self.advance();
                Ok(Kind::Item(Box::new([of, Expr::new(Kind::Const(index), range)])))
            }
            _ => Err(self.unexpected("a name or an index")),
        }
    }

    fn subscript(&mut self, of: Expr<'a>) -> Result<Kind<'a>> {
        if self.is("]") {
            return Err(self.unexpected("a key or an index"));
        }
        let from = if self.is(":") { None } else { Some(self.expr()?) };
        let mut bounds = [from, None, None];
        let mut is_slice = false;
        for bound in &mut bounds[1..] {
            if !self.take(":") {
                break;
            }
            is_slice = true;
            if !self.is("]") && !self.is(":") {
                *bound = Some(self.expr()?);
            }
        }
        self.expect("]")?;
        match bounds {
            [Some(key), None, None] if !is_slice => Ok(Kind::Item(Box::new([of, key]))),
            bounds => Ok(Kind::Slice(Box::new(of), Box::new(bounds))),
        }
    }

    /// `(a, b=1, *c, **d)`
    pub(super) fn args(&mut self) -> Result<Vec<Arg<'a>>> {
        self.expect("(")?;
        let mut named = false;
        self.separated(")", |parser| {
            let arg = parser.arg()?;
            if named && let Arg::Value(value) = &arg {
                return Err(parser.error(value.range(), "positional arguments must come before keyword arguments"));
            }
            named |= matches!(arg, Arg::Named(..) | Arg::Map(_));
            Ok(arg)
        })
    }

    fn arg(&mut self) -> Result<Arg<'a>> {
        if self.take("**") {
            return self.expr().map(Arg::Map);
        }
        if self.take("*") {
            return self.expr().map(Arg::List);
        }
        let value = self.expr()?;
        match value.name() {
            Some(name) if self.take("=") => Ok(Arg::Named(name, self.expr()?)),
            _ => Ok(Arg::Value(value)),
        }
    }

    fn value(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let kind = match self.peek() {
            Token::Name("true" | "True" | "false" | "False") => Kind::Const(Const::Bool),
            Token::Name("none" | "None") => Kind::Const(Const::None),
            Token::Name(name) => Kind::Var(name),
            Token::Number(text) => Kind::Const(self.number(text)?),
            Token::Text(_) => return self.string(),
            Token::Symbol("(" | "[" | "{") => return self.bracketed(),
            _ => return Err(self.unexpected("a value")),
        };
        self.advance();
        Ok(self.since(start, kind))
    }

    fn number(&self, text: &str) -> Result<Const> {
        match literal::number(text) {
            Ok(whole) => Ok(Const::Number(whole.and_then(|whole| usize::try_from(whole).ok()))),
            Err(()) => Err(self.error(self.here(), format!("invalid number `{text}`"))),
        }
    }

    /// Adjacent strings are concatenated.
    fn string(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut whole = String::new();
        while let Token::Text(quoted) = self.peek() {
            match literal::string(quoted) {
                Some(text) => whole += &text,
                None => return Err(self.error(self.here(), "this string has an invalid escape sequence")),
            }
            self.advance();
        }
        Ok(self.since(start, Kind::Const(Const::Text(whole))))
    }

    fn bracketed(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let kind = match self.advance() {
            Token::Symbol("[") => Kind::List(self.separated("]", Self::expr)?),
            Token::Symbol("{") => Kind::Map(self.separated("}", Self::pair)?),
            _ => return self.in_parentheses(start),
        };
        Ok(self.since(start, kind))
    }

    fn pair(&mut self) -> Result<[Expr<'a>; 2]> {
        let key = self.expr()?;
        self.expect(":")?;
        Ok([key, self.expr()?])
    }

    /// `(a)` is `a`; `(a,)` is a list with one item.
    fn in_parentheses(&mut self, start: usize) -> Result<Expr<'a>> {
        if self.take(")") {
            return Ok(self.since(start, Kind::List(Vec::new())));
        }
        let first = self.expr()?;
        if self.take(")") {
            return Ok(first);
        }
        if !self.take(",") {
            return Err(self.unexpected("`)`"));
        }
        let mut items = vec![first];
        items.extend(self.separated(")", Self::expr)?);
        Ok(self.since(start, Kind::List(items)))
    }
}
