//! The parser for attribute options. Each attribute has a table of its options.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Expr, Ident, Token, parenthesized};

use crate::bare::Bare;
use crate::errors::Errors;
use crate::model::Kind;
use crate::page;
use flow_base::near::nearest;

/// An option as written: `name`, `name = value` or `name(arguments)`.
pub(crate) struct Entry {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Is(Expr),
    Of(Vec<Expr>),
}

/// An option of an attribute: one row of its table.
pub(crate) struct Known<O: 'static> {
    pub(crate) name: &'static str,
    /// The kinds of step that accept it; empty for a workflow.
    pub(crate) on: &'static [Kind],
    pub(crate) repeatable: bool,
    /// Parses the value and stores it.
    pub(crate) set: Set<O>,
}

pub(crate) type Set<O> = fn(Entry, &mut O) -> syn::Result<()>;

pub(crate) const fn known<O>(name: &'static str, on: &'static [Kind], set: Set<O>) -> Known<O> {
    Known { name, on, repeatable: false, set }
}

/// The options in the parentheses of an attribute.
pub(crate) struct Entries(pub(crate) Vec<Entry>);

impl Parse for Entries {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self(Punctuated::<Entry, Token![,]>::parse_terminated(input)?.into_iter().collect()))
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected an option: `name`, `name = value` or `name(…)`")
        })?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Is(bare(input.parse()?))
        } else if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            Value::Of(Punctuated::<Expr, Token![,]>::parse_terminated(&inner)?.into_iter().map(bare).collect())
        } else {
            Value::None
        };
        Ok(Self { name, value })
    }
}

impl Entries {
    /// Reads all options by their table. Unknown, misplaced and repeated ones are errors.
    pub(crate) fn read<O: Default>(mut self, of: &Of<'_, O>, errors: &mut Errors) -> O {
        self.check(of, errors);
        let mut options = O::default();
        for known in of.table {
            for entry in self.take_all(known.name) {
                errors.take(page::OPTION, (known.set)(entry, &mut options));
            }
        }
        options
    }

    fn take_all(&mut self, name: &str) -> Vec<Entry> {
        self.0.extract_if(.., |entry| entry.name == name).collect()
    }

    fn check<O>(&mut self, of: &Of<'_, O>, errors: &mut Errors) {
        let mut seen: Vec<String> = Vec::new();
        self.0.retain(|entry| {
            let name = entry.name.to_string();
            let refused = of.refuse(&name, &seen);
            seen.push(name);
            if let Some(message) = &refused {
                errors.at(page::OPTION, &entry.name, message);
            }
            refused.is_none()
        });
    }
}

/// The attribute and function that the options belong to.
pub(crate) struct Of<'a, O: 'static> {
    /// `step` or `workflow`.
    pub(crate) attribute: &'a str,
    pub(crate) function: &'a Ident,
    pub(crate) table: &'static [Known<O>],
    /// The kind of step; `None` for a workflow.
    pub(crate) kind: Option<Kind>,
}

impl<O> Of<'_, O> {
    fn refuse(&self, name: &str, seen: &[String]) -> Option<String> {
        let Self { attribute, function, table, kind } = self;
        let Some(option) = table.iter().find(|known| known.name == name) else { return Some(self.unknown(name)) };
        if seen.iter().any(|other| other == name) && !option.repeatable {
            return Some(format!("{attribute} `{function}` sets option `{name}` twice: remove one of them"));
        }
        let kind = kind.filter(|kind| !option.on.contains(kind))?;
        let places: Vec<_> = option.on.iter().map(|kind| kind.article()).collect();
        let way_out = match option.on {
            [Kind::Model] => "add `model = MODEL`",
            [Kind::Human] => "add `human`",
            [Kind::Signal] => "add `signal`",
            _ => "move it to such a step",
        };
        Some(format!(
            "option `{name}` requires {}, but {attribute} `{function}` is {}: remove it, or {way_out}",
            either(&places),
            kind.article(),
        ))
    }

    fn unknown(&self, name: &str) -> String {
        let Self { attribute, table, .. } = self;
        let names: Vec<_> = table.iter().map(|known| known.name).filter(|name| !name.starts_with("__")).collect();
        match nearest(name, names.iter().copied()) {
            Some(near) => format!("unknown option `{name}` of `#[{attribute}]`; did you mean `{near}`?"),
            None => format!("unknown option `{name}` of `#[{attribute}]`: expected one of {}", names.join(", ")),
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn either(all: &[&str]) -> String {
    match all {
        [first @ .., before, last] if !first.is_empty() => format!("{}, {before} or {last}", first.join(", ")),
        _ => all.join(" or "),
    }
}

impl Entry {
    pub(crate) fn span(&self) -> Span {
        self.name.span()
    }

    pub(crate) fn expected(&self, form: &str) -> syn::Error {
        syn::Error::new(self.span(), format!("invalid option `{}`: expected `{form}`", self.name))
    }

    /// The value of `name = value`.
    pub(crate) fn expr(self, form: &str) -> syn::Result<Expr> {
        match self.value {
            Value::Is(value) => Ok(value),
            _ => Err(self.expected(form)),
        }
    }

    /// The text of `name = "…"`.
    pub(crate) fn text(self, form: &str) -> syn::Result<syn::LitStr> {
        let error = self.expected(form);
        match self.value {
            Value::Is(value) => text(&value).ok_or(error),
            _ => Err(error),
        }
    }

    /// The number of `name = 3`.
    pub(crate) fn number<N>(self, form: &str) -> syn::Result<N>
    where
        N: std::str::FromStr,
        N::Err: std::fmt::Display,
    {
        let error = self.expected(form);
        match self.value {
            Value::Is(value) => number(&value).ok_or(error)?,
            _ => Err(error),
        }
    }

    /// An option without a value.
    pub(crate) fn flag(self) -> syn::Result<()> {
        match self.value {
            Value::None => Ok(()),
            _ => Err(syn::Error::new(self.span(), format!("option `{}` takes no value", self.name))),
        }
    }
}

/// Removes the invisible groups that a user's macro puts around a value.
pub(crate) fn bare(mut value: Expr) -> Expr {
    Bare.visit_expr_mut(&mut value);
    value
}

/// The name of a function.
pub(super) fn expect_path(expr: &Expr) -> syn::Result<syn::Path> {
    match expr {
        Expr::Path(path) => Ok(path.path.clone()),
        other => Err(syn::Error::new_spanned(other, "expected the name of a function")),
    }
}

/// The text of a literal, or of a `concat!` of literals; `None` for any other expression.
pub(crate) fn text(value: &Expr) -> Option<syn::LitStr> {
    match value {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.clone()),
        Expr::Macro(call) => Some(syn::LitStr::new(&written(value)?, call.mac.path.span())),
        _ => None,
    }
}

/// The text that a literal contributes to a `concat!`.
fn written(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(syn::ExprLit { lit, .. }) => match lit {
            syn::Lit::Str(text) => Some(text.value()),
            syn::Lit::Char(letter) => Some(letter.value().to_string()),
            syn::Lit::Bool(word) => Some(word.value.to_string()),
            syn::Lit::Int(number) => Some(number.base10_digits().to_owned()),
            syn::Lit::Float(number) => Some(number.base10_digits().to_owned()),
            _ => None,
        },
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => Some(format!("-{}", written(expr)?)),
        Expr::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == "concat") => {
            let parts = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.mac.tokens.clone()).ok()?;
            parts.into_iter().map(|part| written(&bare(part))).collect()
        }
        _ => None,
    }
}

/// The number of an integer literal; `None` for any other expression.
pub(crate) fn number<N>(value: &Expr) -> Option<syn::Result<N>>
where
    N: std::str::FromStr,
    N::Err: std::fmt::Display,
{
    match value {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => Some(number.base10_parse()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::step::STEP;

    fn refused(options: &str, kind: Kind) -> Vec<String> {
        let (mut entries, mut errors) = (syn::parse_str::<Entries>(options).expect("options"), Errors::default());
        let function = syn::parse_quote!(score);
        let of = Of { attribute: "step", function: &function, table: STEP, kind: Some(kind) };
        entries.check(&of, &mut errors);
        let errors = errors.into_compile_errors().to_string();
        errors.split("compile_error").skip(1).map(ToOwned::to_owned).collect()
    }

    #[test]
    fn every_option_has_its_kinds() {
        assert!(refused("timeout = \"5s\", gate = a, gate = b, fix = c, id = \"x\"", Kind::Code).is_empty());
        assert!(refused("model = M, repair = 2, retry = 3, prompt = \"x\"", Kind::Model).is_empty());
        assert_eq!(refused("repair = 2, prompt = \"x\"", Kind::Code).len(), 2);
        assert_eq!(refused("retry = 2, concurrency = 1", Kind::Human).len(), 2);
    }

    #[test]
    fn every_option_is_in_the_manual() {
        let manual = include_str!("../../../src/manual/step.md");
        for option in STEP.iter().filter(|option| !option.name.starts_with("__")) {
            let written = [" ", "`", "("].iter().any(|end| manual.contains(&format!("`{}{end}", option.name)));
            assert!(written, "{}", option.name);
        }
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let said = refused("timout = \"5s\", retry = 1, retry = 2", Kind::Code);
        assert!(
            said[0].contains("did you mean `timeout`?") && said[1].contains("sets option `retry` twice"),
            "{said:?}"
        );
    }

    #[test]
    fn forms_are_told_apart() {
        let entries = syn::parse_str::<Entries>("human, retry(max_attempts = 3), timeout = \"5s\",").expect("options");
        let forms: Vec<_> = entries.0.iter().map(|entry| (entry.name.to_string(), &entry.value)).collect();
        assert!(matches!(forms[0], (_, Value::None)) && matches!(forms[1], (_, Value::Of(_))));
        assert!(matches!(forms[2], (_, Value::Is(_))));
        assert!(syn::parse_str::<Entries>("5").is_err());
    }
}
