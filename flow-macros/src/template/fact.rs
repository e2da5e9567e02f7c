//! What a condition says is there.

use minijinja::machinery::ast::{BinOpKind, Expr, UnaryOpKind};

use super::names::PRESENT;
use super::place::Place;
use super::walk::Walker;

impl<'a> Walker<'a> {
    /// Walks on with what is known where `condition` is true, or false.
    pub(super) fn where_known<T>(
        &mut self,
        condition: &'a Expr<'a>,
        truth: bool,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.facts.len();
        self.learn(condition, truth);
        let result = walk(self);
        self.facts.truncate(before);
        result
    }

    /// Adds the places that are there if `condition` has this truth.
    fn learn(&mut self, condition: &'a Expr<'a>, truth: bool) {
        match condition {
            Expr::UnaryOp(it) if matches!(it.op, UnaryOpKind::Not) => self.learn(&it.expr, !truth),
            Expr::BinOp(it) => match (it.op, truth) {
                (BinOpKind::ScAnd, true) | (BinOpKind::ScOr, false) => {
                    self.learn(&it.left, truth);
                    self.learn(&it.right, truth);
                }
                (BinOpKind::Eq, equal) | (BinOpKind::Ne, equal) => {
                    let equal = equal == matches!(it.op, BinOpKind::Eq);
                    self.learn_equal(&it.left, &it.right, equal);
                    self.learn_equal(&it.right, &it.left, equal);
                }
                _ => {}
            },
            Expr::Test(it) => match it.name {
                "undefined" | "none" if !truth => self.learn_there(&it.expr),
                name if truth && PRESENT.contains(&name) => self.learn_there(&it.expr),
                _ => {}
            },
            // What is true is there, whichever of several places it comes from.
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) if truth => self.learn_there(condition),
            _ => {}
        }
    }

    /// Equal to a constant that is not `none`, or unequal to `none`.
    fn learn_equal(&mut self, expr: &'a Expr<'a>, other: &'a Expr<'a>, equal: bool) {
        if matches!(other, Expr::Const(it) if it.value.is_none() != equal) {
            self.learn_there(expr);
        }
    }

    fn learn_there(&mut self, expr: &'a Expr<'a>) {
        self.muted += 1;
        let mut places = self.eval(expr);
        self.muted -= 1;
        // Of two places it may come from, only one need be there.
        if let (Some(place), None) = (places.pop(), places.pop()) {
            self.facts.push(Place::there(place));
        }
    }
}
