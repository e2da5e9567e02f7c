//! Tags with a body.

use std::ops::Range;

use super::parser::{Parser, Result};
use super::tree::{Branch, CallBlock, Expr, For, Kind, Macro, Stmt};

/// The keyword of a tag and its range.
type Tag<'a> = (&'a str, Range<usize>);

impl<'a> Parser<'a, '_> {
    pub(super) fn for_loop(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let target = self.target(false)?;
        if !self.take_word("in") {
            return Err(self.unexpected("`in`"));
        }
        let of = self.no_if()?;
        let filter = if self.take_word("if") { Some(self.expr()?) } else { None };
        let recursive = self.take_word("recursive");
        let (body, otherwise) = self.within_loop(true, |parser| {
            let (body, end) = parser.body(tag, &["endfor", "else"])?;
            let otherwise = if end == "else" { parser.body(tag, &["endfor"])?.0 } else { Vec::new() };
            Ok((body, otherwise))
        })?;
        Ok(Stmt::For(Box::new(For { target, of, filter, recursive, body, otherwise })))
    }

    pub(super) fn if_block(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let mut branches = Vec::new();
        let otherwise = loop {
            let test = self.no_if()?;
            let (body, end) = self.body(tag, &["endif", "else", "elif"])?;
            branches.push((test, body));
            match end {
                "elif" => {}
                "else" if self.is_word("if") => return Err(self.unexpected("`%}`; write `elif`")),
                "else" => break self.body(tag, &["endif"])?.0,
                _ => break Vec::new(),
            }
        };
        let nest = |otherwise, (test, body)| vec![Stmt::If(Box::new(Branch { test, body, otherwise }))];
        let mut nested = branches.into_iter().rev().fold(otherwise, nest);
        Ok(nested.remove(0))
    }

    pub(super) fn with_block(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let mut assignments = Vec::new();
        while !self.is("%}") {
            if !assignments.is_empty() {
                self.expect(",")?;
            }
            let target = self.target_part(false)?;
            self.expect("=")?;
            assignments.push((target, self.expr()?));
        }
        let (body, _) = self.body(tag, &["endwith"])?;
        Ok(Stmt::With(assignments, body))
    }

    pub(super) fn set(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let target = self.target(true)?;
        if !self.is("%}") && !self.is("|") {
            self.expect("=")?;
            return Ok(Stmt::Set(target, self.set_value()?));
        }
        let filter = if self.take("|") { Some(self.filters()?) } else { None };
        let (body, _) = self.body(tag, &["endset"])?;
        Ok(Stmt::SetBlock(target, filter, body))
    }

    /// A value, or several separated by commas.
    fn set_value(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let first = self.expr()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.take(",") && !self.is("%}") {
            items.push(self.expr()?);
        }
        Ok(self.since(start, Kind::List(items)))
    }

    pub(super) fn filter_block(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let filter = self.filters()?;
        let (body, _) = self.body(tag, &["endfilter"])?;
        Ok(Stmt::FilterBlock(filter, body))
    }

    /// Filters applied to the body of a tag: `upper|trim`.
    fn filters(&mut self) -> Result<Expr<'a>> {
        let start = self.here().start;
        let mut filters = None;
        loop {
            let filter = self.filter(filters)?;
            let filter = self.since(start, filter);
            if !self.take("|") {
                return Ok(filter);
            }
            filters = Some(filter);
        }
    }

    pub(super) fn macro_block(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let (name, _) = self.expect_name("the name of the macro")?;
        self.expect("(")?;
        let parameters = self.parameters()?;
        let (body, _) = self.within_loop(false, |parser| parser.body(tag, &["endmacro"]))?;
        Ok(Stmt::Macro(Macro { name, parameters, body }))
    }

    pub(super) fn call_block(&mut self, tag: &Tag<'a>) -> Result<Stmt<'a>> {
        let parameters = if self.take("(") { self.parameters()? } else { Vec::new() };
        let call = self.expr_called()?;
        let (body, _) = self.within_loop(false, |parser| parser.body(tag, &["endcall"]))?;
        Ok(Stmt::CallBlock(CallBlock { call, parameters, body }))
    }
}
