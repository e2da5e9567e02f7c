//! Mutations of variables: what the variables hold afterwards, and where mutation is allowed.

use syn::{BinOp, Expr, Member};

use super::expr::{root, strip};
use super::reader::Reader;
use crate::model::{MapForm, Origin, Seg, What, plain};
use crate::text;

/// Methods that add their argument to the receiver as an item.
const ADDS: &[&str] = &["push", "push_back", "push_front", "insert"];
/// Methods that add the items of their argument to the receiver.
const EXTENDS: &[&str] = &["extend", "extend_from_slice", "append"];
/// Methods that mix their argument into the receiver.
const MIXES: &[&str] = &["push_str", "insert_str"];

impl Reader {
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
            // Assigns to a part of a variable.
            _ => {
                self.expr(place);
                self.put(place, value);
            }
        }
    }

    /// `a += b`: a mixture of both, unless `b` has no origin.
    pub(super) fn compound(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Binary(binary) = expr else { return Origin::Nothing };
        let added = self.expr(&mut binary.right);
        self.expr(&mut binary.left);
        let place = (*binary.left).clone();
        self.put(&place, Origin::lost([added]).by(expr));
        self.changed(expr, &place)
    }

    /// `&mut a`.
    pub(super) fn lent(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Reference(reference) = expr else { return Origin::Nothing };
        let value = self.expr(&mut reference.expr);
        if reference.mutability.is_none() {
            return value;
        }
        root(&reference.expr).iter().for_each(|name| self.scope.lend(name));
        let place = (*reference.expr).clone();
        match self.changed(expr, &place) {
            Origin::Nothing => value,
            refused => refused,
        }
    }

    /// `a.push(b)`, after both were read. Returns whether the method is of that kind.
    pub(super) fn grown(&mut self, expr: &mut Expr, given: &[Origin]) -> bool {
        let Expr::MethodCall(call) = expr else { return false };
        let name = call.method.to_string();
        let value = match (name.as_str(), given) {
            (name, [item]) if ADDS.contains(&name) => item.clone().around(Seg::Item),
            (name, [items]) if EXTENDS.contains(&name) => items.clone(),
            (name, all) if [ADDS, EXTENDS, MIXES].iter().any(|names| names.contains(&name)) => {
                Origin::lost(all.iter().cloned()).by(&Expr::MethodCall(call.clone()))
            }
            _ => return false,
        };
        let place = (*call.receiver).clone();
        self.put(&place, value);
        // A method of that name may take `&self`, which is unlikely on a `mut` variable.
        if root(&place).is_some_and(|name| self.scope.is_mutable(&name)) {
            self.changed(expr, &place);
        }
        true
    }

    /// From here on, a part of a variable may hold the value too.
    fn put(&mut self, place: &Expr, value: Origin) {
        let (name, value) = whole(place, value);
        if let Some(name) = name.filter(|_| value != Origin::Nothing) {
            self.scope.add(&name, &value);
        }
    }

    /// Replaces changes of shared variables in a `map`, whose items run concurrently.
    fn changed(&mut self, expr: &mut Expr, place: &Expr) -> Origin {
        let Some(variable) = root(place).filter(|name| self.scope.is_shared(name)) else { return Origin::Nothing };
        self.replaced(expr, What::Map(MapForm::Shared { place: text::of(place), variable }), place)
    }
}

/// The variable of the place `a.b[c]`, and the value wrapped so that it is at that place.
fn whole(place: &Expr, value: Origin) -> (Option<String>, Origin) {
    match strip(place) {
        Expr::Path(path) => (path.path.get_ident().map(ToString::to_string), value),
        Expr::Field(field) => {
            let seg = match &field.member {
                Member::Named(name) => Seg::Field(plain(name)),
                Member::Unnamed(index) => Seg::Index(index.index as usize),
            };
            whole(&field.base, value.around(seg))
        }
        Expr::Index(index) => whole(&index.expr, value.around(Seg::Item)),
        Expr::Unary(unary) => whole(&unary.expr, value),
        _ => (None, value),
    }
}

/// Whether the operator is a compound assignment such as `+=`.
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
