//! Facts: values that a condition proves to be present.

use super::names::PRESENT;
use super::place::Place;
use super::syntax::tree::{Binary, Const, Expr, Kind, Unary};
use super::walk::Walker;

impl<'a> Walker<'a> {
    /// Runs `walk` with the facts that hold if `condition` evaluates to `truth`.
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

    /// Adds the places that are present if `condition` evaluates to `truth`.
    fn learn(&mut self, condition: &'a Expr<'a>, truth: bool) {
        match &condition.kind {
            Kind::Unary(Unary::Not, of) => self.learn(of, !truth),
            Kind::Binary(operator, sides) => {
                let [left, right] = &**sides;
                match (operator, truth) {
                    (Binary::And, true) | (Binary::Or, false) => {
                        self.learn(left, truth);
                        self.learn(right, truth);
                    }
                    (Binary::Eq | Binary::Ne, truth) => {
                        let equal = truth == (*operator == Binary::Eq);
                        self.learn_equal(left, right, equal);
                        self.learn_equal(right, left, equal);
                    }
                    _ => {}
                }
            }
            Kind::Test(it) => match (it.name, &it.of) {
                ("undefined" | "none", Some(of)) if !truth => self.learn_there(of),
                (name, Some(of)) if truth && PRESENT.contains(&name) => self.learn_there(of),
                _ => {}
            },
            // A truthy value is present.
            Kind::Var(_) | Kind::Attribute(..) | Kind::Item(_) if truth => self.learn_there(condition),
            _ => {}
        }
    }

    /// A value equal to a constant other than `none`, or unequal to `none`, is present.
    fn learn_equal(&mut self, expr: &'a Expr<'a>, other: &'a Expr<'a>, equal: bool) {
        if matches!(&other.kind, Kind::Const(it) if (*it == Const::None) != equal) {
            self.learn_there(expr);
        }
    }

    fn learn_there(&mut self, expr: &'a Expr<'a>) {
        self.muted += 1;
        let mut places = self.eval(expr);
        self.muted -= 1;
        // If the value may come from several places, only one of them is known to be present.
        if let (Some(place), None) = (places.pop(), places.pop()) {
            self.facts.push(Place::there(place));
        }
    }
}
