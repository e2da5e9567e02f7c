//! Assignment targets: names and macro parameters.

use super::parser::{Parser, Result};
use super::token::Token;
use super::tree::{Kind, Parameter, Target};

/// Names that cannot be assigned.
const RESERVED: &[&str] = &["true", "True", "false", "False", "none", "None", "loop", "self"];

impl<'a> Parser<'a, '_> {
    /// `a`, `a, b`, `(a, b), c`; with `fields` also `a.b`.
    pub(super) fn target(&mut self, fields: bool) -> Result<Target<'a>> {
        let first = self.target_part(fields)?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(",") && !self.ends_target() {
            parts.push(self.target_part(fields)?);
        }
        Ok(Target::Parts(parts))
    }

    fn ends_target(&self) -> bool {
        matches!(self.peek(), Token::Symbol(")" | "}}" | "%}") | Token::Name("in"))
    }

    pub(super) fn target_part(&mut self, fields: bool) -> Result<Target<'a>> {
        if self.take("(") {
            let parts = self.deeper(|parser| parser.target(fields))?;
            self.expect(")")?;
            return Ok(parts);
        }
        let start = self.here().start;
        let name = self.new_name()?;
        if !fields || !self.is(".") {
            return Ok(Target::Name(name));
        }
        let mut field = self.since(start, Kind::Var(name));
        while self.take(".") {
            let (name, _) = self.expect_name("the name of a field")?;
            field = self.since(start, Kind::Attribute(Box::new(field), name));
        }
        Ok(Target::Field(field))
    }

    fn new_name(&mut self) -> Result<&'a str> {
        if self.is_word("in") {
            return Err(self.unexpected("a name"));
        }
        let (name, range) = self.expect_name("a name")?;
        if RESERVED.contains(&name) {
            return Err(self.error(range, format!("`{name}` is reserved; choose another name")));
        }
        Ok(name)
    }

    /// Parses the parameters of a macro, after the opening parenthesis.
    pub(super) fn parameters(&mut self) -> Result<Vec<Parameter<'a>>> {
        let mut optional = false;
        self.separated(")", |parser| {
            let name = parser.new_name()?;
            let default = if parser.take("=") { Some(parser.expr()?) } else { None };
            if optional && default.is_none() {
                return Err(parser.unexpected("`=`: parameters with a default come last"));
            }
            optional |= default.is_some();
            Ok(Parameter { name, default })
        })
    }
}
