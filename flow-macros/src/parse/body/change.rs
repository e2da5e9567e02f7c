//! Changes of variables: what they hold afterwards, and who may make them.

use syn::{BinOp, Expr};

use super::Reader;
use super::value::root;
use crate::model::{Origin, Seg};
use crate::{page, text};

/// Methods that put their argument into what they are called on.
const GROWS: &[&str] =
    &["push", "push_str", "push_back", "push_front", "insert", "extend", "extend_from_slice", "append"];

impl Reader<'_> {
    /// `a = b` and `a.b = c`.
    pub(super) fn assignment(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Assign(assign) = expr else { return Origin::Nothing };
        let value = self.expr(&mut assign.right);
        self.assigned(&mut assign.left, value);
        let place = (*assign.left).clone();
        self.changed(expr, &place)
    }

    fn assigned(&mut self, place: &mut Expr, value: Origin) {
        match place {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    self.scope.assign(&name.to_string(), value);
                }
            }
            Expr::Tuple(tuple) => {
                for (index, place) in tuple.elems.iter_mut().enumerate() {
                    self.assigned(place, value.clone().part(Seg::Index(index)));
                }
            }
            // A part of a variable is replaced: what the whole holds is a mixture from here on.
            _ => {
                self.expr(place);
                self.mixed(place, value);
            }
        }
    }

    /// `a += b`: a mixture of both, unless `b` comes from no step.
    pub(super) fn compound(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Binary(binary) = expr else { return Origin::Nothing };
        let added = self.expr(&mut binary.right);
        self.expr(&mut binary.left);
        if added != Origin::Nothing {
            self.mixed(&binary.left, added);
        }
        let place = (*binary.left).clone();
        self.changed(expr, &place)
    }

    /// `&mut a`.
    pub(super) fn lent(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Reference(reference) = expr else { return Origin::Nothing };
        let value = self.expr(&mut reference.expr);
        if reference.mutability.is_none() {
            return value;
        }
        self.mixed(&reference.expr, Origin::Nothing);
        root(&reference.expr).iter().for_each(|name| self.scope.lend(name));
        let place = (*reference.expr).clone();
        match self.changed(expr, &place) {
            Origin::Nothing => value,
            refused => refused,
        }
    }

    /// `a.push(b)`, once both were read.
    pub(super) fn grown(&mut self, expr: &mut Expr, given: Origin) {
        let Expr::MethodCall(call) = expr else { return };
        if !GROWS.contains(&call.method.to_string().as_str()) {
            return;
        }
        self.mixed(&call.receiver, given);
        let place = (*call.receiver).clone();
        // A method of that name may do with a shared reference; on a variable that is `mut` it hardly does.
        if root(&place).is_some_and(|name| self.scope.is_mutable(&name)) {
            self.changed(expr, &place);
        }
    }

    /// A variable that holds a mixture from here on, which nobody follows.
    fn mixed(&mut self, place: &Expr, added: Origin) {
        if let Some(name) = root(place) {
            let added = added.traces();
            self.scope.add(&name, &added);
            self.scope.assign(&name, Origin::Lost(added));
        }
    }

    /// The items of a map run at once, so none of them changes what another sees.
    fn changed(&mut self, expr: &mut Expr, place: &Expr) -> Origin {
        let Some(name) = root(place).filter(|name| self.scope.is_shared(name)) else { return Origin::Nothing };
        let message = format!(
            "`{}` is changed for each item of this map, but the items run at once and share nothing that changes: return the value from the closure, and change `{name}` with the results after the map",
            text::of(place)
        );
        self.refuse(page::MAP_FORM, expr, place, message)
    }
}

/// `+=` and its kin.
pub(super) fn assigns(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}
