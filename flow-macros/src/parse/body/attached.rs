//! `#[bound(3)] loop { … }?`: Rust attaches the attribute to the outer expression, but it is meant for the loop.

use syn::{Attribute, Expr};

/// Moves a bound from an expression to the loop that the expression begins with.
pub(super) fn bind_to_loop(expr: &mut Expr) {
    let Some(attrs) = attributes(expr) else { return };
    let (bounds, others) = std::mem::take(attrs).into_iter().partition(is_bound);
    *attrs = others;
    give(expr, bounds);
}

/// Attaches bounds to the loop at the start of an expression, or back to the expression if it starts with something else.
fn give(expr: &mut Expr, bounds: Vec<Attribute>) {
    if bounds.is_empty() {
        return;
    }
    match first(expr) {
        Expr::While(repeat) => repeat.attrs.extend(bounds),
        Expr::Loop(repeat) => repeat.attrs.extend(bounds),
        Expr::ForLoop(repeat) => repeat.attrs.extend(bounds),
        _ => attributes(expr).into_iter().for_each(|attrs| attrs.extend(bounds.clone())),
    }
}

/// The innermost expression before `?`, `.await`, `.field` and `.method()`.
fn first(expr: &mut Expr) -> &mut Expr {
    match expr {
        Expr::Try(outer) => first(&mut outer.expr),
        Expr::Await(outer) => first(&mut outer.base),
        Expr::Field(outer) => first(&mut outer.base),
        Expr::MethodCall(outer) => first(&mut outer.receiver),
        other => other,
    }
}

fn attributes(expr: &mut Expr) -> Option<&mut Vec<Attribute>> {
    match expr {
        Expr::Try(outer) => Some(&mut outer.attrs),
        Expr::Await(outer) => Some(&mut outer.attrs),
        Expr::Field(outer) => Some(&mut outer.attrs),
        Expr::MethodCall(outer) => Some(&mut outer.attrs),
        _ => None,
    }
}

fn is_bound(attr: &Attribute) -> bool {
    attr.path().is_ident("bound")
}
