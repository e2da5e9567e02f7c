//! Arms that handle the failure of a step.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Expr, Pat};

use super::Reader;
use super::value::strip;
use crate::model::{Origin, Source, Trace};

/// What the result of a step is in an arm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Ok,
    Err,
    /// It is not looked at.
    Any,
}

impl Reader<'_> {
    /// Reads an arm. One that handles a failure is drawn even where nothing is called in it.
    pub(super) fn handling<T>(&mut self, handles: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let value = read(self);
        if handles {
            self.show();
        }
        value
    }

    /// Whether one of these values is what a step returns, failure and all.
    pub(super) fn is_result(&self, values: &[Trace]) -> bool {
        values.iter().any(|value| {
            let found = self.scope.resolve(&Origin::Traced(value.clone()));
            let leaves = found.leaves();
            leaves.iter().any(
                |(_, leaf)| matches!(leaf, Origin::Traced(Trace { source: Source::Node(_), path }) if path.is_empty()),
            )
        })
    }
}

/// The failures among the arms of a `match` over the result of a step: the patterns that let one through.
pub(super) fn failures(choice: &syn::ExprMatch) -> Vec<bool> {
    let sides: Vec<Option<Side>> = choice.arms.iter().map(|arm| of_pattern(&arm.pat)).collect();
    let told_apart = sides.iter().any(|side| matches!(side, Some(Side::Ok | Side::Err)));
    sides.iter().map(|side| told_apart && *side != Some(Side::Ok)).collect()
}

/// `Ok(…)` and `Err(…)`, in a tuple of results too.
pub(super) fn of_pattern(pat: &Pat) -> Option<Side> {
    let worst = |parts: &mut dyn Iterator<Item = &Pat>| {
        parts.filter_map(of_pattern).reduce(|one, other| match (one, other) {
            (Side::Err, _) | (_, Side::Err) => Side::Err,
            (Side::Any, _) | (_, Side::Any) => Side::Any,
            _ => Side::Ok,
        })
    };
    match pat {
        Pat::TupleStruct(tuple) => match tuple.path.segments.last()?.ident.to_string().as_str() {
            "Ok" => Some(Side::Ok),
            "Err" => Some(Side::Err),
            _ => None,
        },
        Pat::Tuple(tuple) => worst(&mut tuple.elems.iter()),
        Pat::Or(or) => worst(&mut or.cases.iter()),
        Pat::Guard(guarded) => of_pattern(&guarded.pat),
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

/// The side on which a condition holds that asks how a step went: `let Err(error) = …`, `ship.is_ok()`, `matches!(ship, Err(_))`.
pub(super) fn of_condition(condition: &Expr) -> Option<Side> {
    match strip(condition) {
        Expr::Let(bind) => of_pattern(&bind.pat).filter(|side| *side != Side::Any),
        Expr::Unary(not) if matches!(not.op, syn::UnOp::Not(_)) => Some(match of_condition(&not.expr)? {
            Side::Ok => Side::Err,
            Side::Err => Side::Ok,
            Side::Any => return None,
        }),
        Expr::Binary(both) => of_condition(&both.left).or_else(|| of_condition(&both.right)),
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "is_ok" | "is_ok_and" => Some(Side::Ok),
            "is_err" | "is_err_and" => Some(Side::Err),
            _ => None,
        },
        Expr::Macro(call) if call.mac.path.is_ident("matches") => {
            let names = |wanted: &str| names(call.mac.tokens.clone(), wanted);
            if names("Err") { Some(Side::Err) } else { names("Ok").then_some(Side::Ok) }
        }
        _ => None,
    }
}

fn names(tokens: TokenStream, wanted: &str) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(name) => name == wanted,
        TokenTree::Group(group) => names(group.stream(), wanted),
        _ => false,
    })
}
