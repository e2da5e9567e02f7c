//! Annotates the end of a `map` item or `join!` branch as a `Result`, so that any other type is reported there, and not
//! again at each `?` before it.

use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

use super::tokens::at;

/// Annotates the final expression of a block.
pub(super) fn in_a_result(block: &mut [Stmt]) {
    if let Some(Stmt::Expr(end, None)) = block.last_mut() {
        end_in_a_result(end);
    }
}

fn end_in_a_result(end: &mut Expr) {
    match end {
        Expr::Block(inner) if inner.label.is_none() => in_a_result(&mut inner.block.stmts),
        Expr::If(branch) => {
            if let Some((_, other)) = &mut branch.else_branch {
                in_a_result(&mut branch.then_branch.stmts);
                end_in_a_result(other);
            }
        }
        Expr::Match(choice) => choice.arms.iter_mut().for_each(|arm| end_in_a_result(&mut arm.body)),
        Expr::Array(_)
        | Expr::Binary(_)
        | Expr::Cast(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Lit(_)
        | Expr::Path(_)
        | Expr::Reference(_)
        | Expr::Struct(_)
        | Expr::Tuple(_)
        | Expr::Unary(_) => {
            let value = &*end;
            *end = Expr::Verbatim(quote_spanned! { at(value.span()) =>
                { let __ended: ::flow::Result<_> = #value; __ended }
            });
        }
        // The type of a call is reported at the call, and diverging expressions have none.
        _ => {}
    }
}
