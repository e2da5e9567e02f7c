//! The forms in which code tests whether a step succeeded.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Pat, Token};

use super::arms::Handled;
use super::expr::strip;
use super::reader::Reader;
use crate::model::{Origin, Seg, Source, Trace};

/// The variant that the `Result` of a step has in an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Ok,
    Err,
    /// Either; the arm does not test it.
    Any,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Ok => Self::Err,
            Self::Err => Self::Ok,
            Self::Any => Self::Any,
        }
    }
}

impl Reader {
    /// Whether one of these values is the `Result` of a step.
    pub(super) fn is_result(&self, values: &[Trace]) -> bool {
        values.iter().any(|value| !self.results_in(&Origin::Traced(value.clone())).is_empty())
    }

    /// Indices of the calls whose `Result`s are in a value.
    pub(super) fn results_in(&self, value: &Origin) -> Vec<usize> {
        let found = self.scope.resolve(value);
        found.leaves().into_iter().filter_map(|(_, leaf)| call(leaf)).collect()
    }

    /// Indices of the calls of which a value may be the `Result`; empty if it contains more than one `Result`.
    pub(super) fn result_of_calls(&self, value: &Origin) -> Vec<usize> {
        let found = self.scope.resolve(value);
        let leaves = found.leaves();
        let is_one = leaves.iter().all(|(place, _)| matches!(place[..], [] | [Seg::Some]));
        let calls: Option<Vec<_>> = leaves.into_iter().map(|(_, leaf)| call(leaf)).collect();
        calls.filter(|_| is_one).unwrap_or_default()
    }

    /// The errors that each arm of a `match` handles.
    pub(super) fn handled(&self, choice: &syn::ExprMatch, value: &Origin) -> Vec<Option<Handled>> {
        let fails = if self.results_in(value).is_empty() { Vec::new() } else { failures(choice) };
        let arm = |(index, arm): (usize, &syn::Arm)| {
            let fails = fails.get(index).copied().unwrap_or_default();
            let at = match &arm.pat {
                Pat::Guard(guarded) => &guarded.pat,
                pat => pat,
            };
            fails.then(|| Handled { at: at.to_token_stream(), failed: self.failed(&arm.pat, value), is_certain: true })
        };
        choice.arms.iter().enumerate().map(arm).collect()
    }

    /// The errors that are handled if a condition that was read holds, or does not hold.
    pub(super) fn asked(&self, condition: &Expr, holds: bool) -> Option<Handled> {
        let at = asks(condition, holds)?;
        Some(Handled { at, failed: self.failed_where(condition, holds), is_certain: true })
    }

    /// The errors that the `else` of `let … else` handles.
    pub(super) fn otherwise(&self, local: &syn::Local, value: &Origin) -> Option<Handled> {
        let init = local.init.as_ref()?;
        let (token, _) = init.diverge.as_ref()?;
        let handles = side(&local.pat, &init.expr) == Some(Side::Ok) && !self.results_in(value).is_empty();
        handles.then(|| Handled { at: token.to_token_stream(), failed: self.result_of_calls(value), is_certain: true })
    }

    /// Indices of the calls that have failed if a pattern matches a value.
    fn failed(&self, pat: &Pat, value: &Origin) -> Vec<usize> {
        match pat {
            Pat::Tuple(tuple) => {
                let parts = tuple.elems.iter().enumerate().take_while(|(_, part)| !matches!(part, Pat::Rest(_)));
                let failed = parts.filter(|(_, part)| of_pattern(part) == Some(Side::Err));
                failed.flat_map(|(index, part)| self.failed(part, &value.clone().part(Seg::Index(index)))).collect()
            }
            Pat::Or(or) => {
                let cases = or.cases.iter().map(|case| self.failed(case, value));
                cases
                    .reduce(|one, other| one.into_iter().filter(|call| other.contains(call)).collect())
                    .unwrap_or_default()
            }
            Pat::Guard(guarded) => self.failed(&guarded.pat, value),
            Pat::Paren(paren) => self.failed(&paren.pat, value),
            Pat::Reference(reference) => self.failed(&reference.pat, value),
            Pat::Type(typed) => self.failed(&typed.pat, value),
            _ => self.result_of_calls(value),
        }
    }

    /// Indices of the calls that have failed if a condition holds, or does not hold.
    fn failed_where(&self, condition: &Expr, holds: bool) -> Vec<usize> {
        match strip(condition) {
            Expr::Unary(not) if is_not(not) => self.failed_where(&not.expr, !holds),
            Expr::Binary(both) => match both.op {
                syn::BinOp::And(_) if holds => self.failed_in_both(both, holds),
                syn::BinOp::Or(_) if !holds => self.failed_in_both(both, holds),
                _ => Vec::new(),
            },
            other => match question(other) {
                Some(Question { of, side, pat, .. }) if (side == Side::Err) == holds => {
                    let value = self.made_before(&of);
                    pat.filter(|_| holds).map_or_else(|| self.result_of_calls(&value), |pat| self.failed(&pat, &value))
                }
                _ => Vec::new(),
            },
        }
    }

    fn failed_in_both(&self, both: &syn::ExprBinary, holds: bool) -> Vec<usize> {
        [self.failed_where(&both.left, holds), self.failed_where(&both.right, holds)].concat()
    }

    /// The origin of an expression that was already read.
    pub(super) fn made_before(&self, expr: &Expr) -> Origin {
        match strip(expr) {
            Expr::Path(path) => {
                let name = path.path.get_ident().map_or(String::new(), ToString::to_string);
                match name.strip_prefix("__flow_").and_then(|placeholder| placeholder.split_once('_')) {
                    Some(("node", index)) => index.parse().map_or(Origin::Nothing, Origin::node),
                    Some(("join", index)) => index
                        .parse::<usize>()
                        .ok()
                        .and_then(|index| self.joined.get(&index).cloned())
                        .unwrap_or(Origin::Nothing),
                    _ => self.scope.value(&name),
                }
            }
            Expr::Reference(inner) => self.made_before(&inner.expr),
            Expr::MethodCall(call) if call.args.is_empty() => self.made_before(&call.receiver),
            Expr::Tuple(tuple) => {
                let parts = tuple.elems.iter().map(|part| self.made_before(part));
                Origin::made(parts.enumerate().map(|(index, part)| (Seg::Index(index), part)))
            }
            _ => Origin::Nothing,
        }
    }
}

fn call(origin: &Origin) -> Option<usize> {
    match origin {
        Origin::Traced(Trace { source: Source::Node(index), path }) if path.is_empty() => Some(*index),
        _ => None,
    }
}

/// For each arm of a `match` over the `Result` of a step, whether its pattern can match an error.
fn failures(choice: &syn::ExprMatch) -> Vec<bool> {
    let sides: Vec<Option<Side>> = choice.arms.iter().map(|arm| side(&arm.pat, &choice.expr)).collect();
    let told_apart = sides.iter().any(|side| matches!(side, Some(Side::Ok | Side::Err)));
    sides.iter().map(|side| told_apart && *side != Some(Side::Ok)).collect()
}

/// The variant of an expression's `Result` that a pattern matches.
fn side(pat: &Pat, of: &Expr) -> Option<Side> {
    match of_some(of) {
        Some(some) => of_option(pat, some),
        None => of_pattern(pat),
    }
}

/// `Ok(…)` and `Err(…)`, also inside tuples and options.
fn of_pattern(pat: &Pat) -> Option<Side> {
    match pat {
        Pat::TupleStruct(tuple) => match tuple.path.segments.last()?.ident.to_string().as_str() {
            "Ok" => Some(Side::Ok),
            "Err" => Some(Side::Err),
            _ => worst(tuple.elems.iter()).filter(|side| *side != Side::Any),
        },
        Pat::Tuple(tuple) => worst(tuple.elems.iter()),
        Pat::Or(or) => worst(or.cases.iter()),
        Pat::Guard(guarded) => match of_pattern(&guarded.pat) {
            Some(Side::Any) => of_guard(&guarded.guard).or(Some(Side::Any)),
            side => side,
        },
        Pat::Paren(paren) => of_pattern(&paren.pat),
        Pat::Reference(reference) => of_pattern(&reference.pat),
        Pat::Type(typed) => of_pattern(&typed.pat),
        Pat::Ident(ident) => match &ident.subpat {
            Some((_, inner)) => of_pattern(inner),
            None => Some(Side::Any),
        },
        Pat::Wild(_) | Pat::Rest(_) => Some(Side::Any),
        _ => None,
    }
}

fn worst<'p>(parts: impl Iterator<Item = &'p Pat>) -> Option<Side> {
    parts.filter_map(of_pattern).reduce(|one, other| match (one, other) {
        (Side::Err, _) | (_, Side::Err) => Side::Err,
        (Side::Any, _) | (_, Side::Any) => Side::Any,
        _ => Side::Ok,
    })
}

/// `Some(…)` and `None`, where `Some` represents the variant `some` of a `Result`.
fn of_option(pat: &Pat, some: Side) -> Option<Side> {
    match pat {
        Pat::TupleStruct(tuple) => tuple.path.segments.last().filter(|last| last.ident == "Some").map(|_| some),
        Pat::Ident(ident) if ident.ident == "None" => Some(some.other()),
        Pat::Path(path) => path.path.segments.last().filter(|last| last.ident == "None").map(|_| some.other()),
        Pat::Guard(guarded) => of_option(&guarded.pat, some),
        Pat::Paren(paren) => of_option(&paren.pat, some),
        Pat::Reference(reference) => of_option(&reference.pat, some),
        Pat::Ident(_) | Pat::Wild(_) => Some(Side::Any),
        _ => None,
    }
}

/// The variant that `Some` represents after `.ok()` or `.err()`.
fn of_some(expr: &Expr) -> Option<Side> {
    let Expr::MethodCall(call) = strip(expr) else { return None };
    match call.method.to_string().as_str() {
        "ok" if call.args.is_empty() => Some(Side::Ok),
        "err" if call.args.is_empty() => Some(Side::Err),
        "as_ref" | "as_mut" | "as_deref" => of_some(&call.receiver),
        _ => None,
    }
}

fn of_guard(guard: &Expr) -> Option<Side> {
    if asks(guard, true).is_some() { Some(Side::Err) } else { asks(guard, false).map(|_| Side::Ok) }
}

/// The tokens that test for an error, if one is handled when the condition holds, or does not hold.
fn asks(condition: &Expr, holds: bool) -> Option<TokenStream> {
    match strip(condition) {
        Expr::Unary(not) if is_not(not) => asks(&not.expr, !holds),
        Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => {
            asks(&both.left, holds).or_else(|| asks(&both.right, holds))
        }
        other => question(other).filter(|asked| (asked.side == Side::Err) == holds).map(|asked| asked.at),
    }
}

/// `let Err(error) = ship`, `ship.is_ok()`, `matches!(ship, Err(_))`.
struct Question {
    of: Expr,
    /// The variant for which it holds.
    side: Side,
    pat: Option<Pat>,
    at: TokenStream,
}

fn question(condition: &Expr) -> Option<Question> {
    let found = match condition {
        Expr::Let(bind) => of_match(&bind.expr, &bind.pat, bind.pat.to_token_stream())?,
        Expr::MethodCall(call) => {
            let side = match (call.method.to_string().as_str(), of_some(&call.receiver)) {
                ("is_ok" | "is_ok_and", None) => Side::Ok,
                ("is_err" | "is_err_and", None) => Side::Err,
                ("is_some" | "is_some_and", Some(some)) => some,
                ("is_none" | "is_none_or", Some(some)) => some.other(),
                _ => return None,
            };
            Question { of: (*call.receiver).clone(), side, pat: None, at: call.method.to_token_stream() }
        }
        Expr::Macro(call) if call.mac.path.segments.last()?.ident == "matches" => {
            let (of, pat) = matched.parse2(call.mac.tokens.clone()).ok()?;
            of_match(&of, &pat, call.to_token_stream())?
        }
        _ => return None,
    };
    (found.side != Side::Any).then_some(found)
}

fn of_match(of: &Expr, pat: &Pat, at: TokenStream) -> Option<Question> {
    Some(Question { of: of.clone(), side: side(pat, of)?, pat: Some(pat.clone()), at })
}

/// Parses the arguments of `matches!(…)`.
fn matched(input: ParseStream<'_>) -> syn::Result<(Expr, Pat)> {
    let of = input.parse()?;
    input.parse::<Token![,]>()?;
    let pat = Pat::parse_multi_with_leading_vert(input)?;
    if input.parse::<Option<Token![if]>>()?.is_some() {
        input.parse::<Expr>()?;
    }
    input.parse::<Option<Token![,]>>()?;
    Ok((of, pat))
}

fn is_not(unary: &syn::ExprUnary) -> bool {
    matches!(unary.op, syn::UnOp::Not(_))
}
