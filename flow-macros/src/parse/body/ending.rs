//! What code shows syntactically: how a function ends, what diverges, which conditions are constant.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Expr, Lit, Stmt};

use super::expr::strip;
use crate::model::{Ending, JoinForm};

/// Macros that end the function.
const LEAVES: &[&str] = &["bail", "panic", "todo", "unimplemented", "unreachable"];
/// Functions that never return.
const NEVER_RETURN: &[&str] = &["process::exit", "process::abort", "panic::panic_any", "panic::resume_unwind"];

/// How the function ends if this expression is its result, as far as the syntax shows.
pub(super) fn ending(expr: &Expr) -> Ending {
    match strip(expr) {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if ends_in(&path.path, "Ok") => Ending::Ok,
            Expr::Path(path) if ends_in(&path.path, "Err") => Ending::Error,
            _ => Ending::Either,
        },
        Expr::Macro(call) if gives_away(&call.mac) => Ending::Error,
        Expr::Block(block) => of_block(&block.block),
        Expr::If(branch) => match &branch.else_branch {
            Some((_, other)) => either(of_block(&branch.then_branch), ending(other)),
            None => Ending::Either,
        },
        Expr::Match(choice) => {
            let arms = choice.arms.iter().map(|arm| ending(&arm.body));
            arms.reduce(either).unwrap_or(Ending::Either)
        }
        _ => Ending::Either,
    }
}

pub(super) fn of_block(block: &syn::Block) -> Ending {
    match block.stmts.last() {
        Some(Stmt::Expr(value, None)) => ending(value),
        Some(Stmt::Macro(call)) if gives_away(&call.mac) => Ending::Error,
        _ => Ending::Either,
    }
}

/// A path that ends with an error has already left the function.
fn either(one: Ending, other: Ending) -> Ending {
    match (one, other) {
        (Ending::Error, other) | (other, Ending::Error) => other,
        (Ending::Ok, Ending::Ok) => Ending::Ok,
        _ => Ending::Either,
    }
}

pub(super) fn gives_away(call: &syn::Macro) -> bool {
    LEAVES.iter().any(|name| ends_in(&call.path, name))
}

/// `Ok(value)`
pub(super) fn is_ok(call: &syn::ExprCall) -> bool {
    matches!(&*call.func, Expr::Path(path) if ends_in(&path.path, "Ok")) && call.args.len() == 1
}

pub(super) fn never_returns(call: &syn::ExprCall) -> bool {
    let Expr::Path(path) = strip(&call.func) else { return false };
    NEVER_RETURN.iter().any(|name| ends_in(&path.path, name))
}

/// Whether the expression is an `.await`, a `join!` or a race.
pub(super) fn is_call(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Await(_) => true,
        Expr::Macro(call) => JoinForm::of(&call.mac.path).is_some(),
        _ => false,
    }
}

/// `Err(error)?`
pub(super) fn is_error(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::Call(_)) && ending(expr) == Ending::Error
}

fn ends_in(path: &syn::Path, end: &str) -> bool {
    let mut names = path.segments.iter().rev();
    end.rsplit("::").all(|name| names.next().is_some_and(|segment| segment.ident == name))
}

/// The value of a condition that is the literal `true` or `false`.
pub(super) fn word(condition: &Expr) -> Option<bool> {
    match strip(condition) {
        Expr::Lit(syn::ExprLit { lit: Lit::Bool(word), .. }) => Some(word.value),
        _ => None,
    }
}

/// Whether the arguments of a macro contain code that may end the function.
pub(super) fn may_return(call: &syn::Macro) -> bool {
    ends_function(call.tokens.clone())
}

fn ends_function(tokens: TokenStream) -> bool {
    let mut bails = false;
    tokens.into_iter().any(|tree| {
        let ends = match &tree {
            TokenTree::Ident(word) => word == "return",
            TokenTree::Punct(punct) => bails && punct.as_char() == '!',
            TokenTree::Group(group) => ends_function(group.stream()),
            TokenTree::Literal(_) => false,
        };
        bails = matches!(&tree, TokenTree::Ident(word) if LEAVES.iter().any(|name| word == name));
        ends
    })
}
