//! Invisible groups, which wrap what a `macro_rules!` macro substitutes: `$limit` expands to a literal in such a group.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Type, parse_quote};

/// Unwraps groups around self-contained expressions, so that the code reads as if written by hand. Groups that affect operator
/// precedence stay.
pub(crate) struct Bare;

impl VisitMut for Bare {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        while let Expr::Group(group) = expr {
            if !is_one_piece(&group.expr) {
                break;
            }
            *expr = (*group.expr).clone();
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        while let Type::Group(group) = ty {
            *ty = match (*group.elem).clone() {
                // `&dyn A + B` would parse as a different type.
                several @ (Type::TraitObject(_) | Type::ImplTrait(_)) => parse_quote!((#several)),
                one => one,
            };
        }
        visit_mut::visit_type_mut(self, ty);
    }
}

fn is_one_piece(expr: &Expr) -> bool {
    match expr {
        Expr::Group(inner) => is_one_piece(&inner.expr),
        Expr::Array(_)
        | Expr::Await(_)
        | Expr::Block(_)
        | Expr::Call(_)
        | Expr::Field(_)
        | Expr::Lit(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Paren(_)
        | Expr::Path(_)
        | Expr::Tuple(_) => true,
        _ => false,
    }
}
