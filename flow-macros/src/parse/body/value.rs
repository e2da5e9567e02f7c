//! Expressions: what they await, and where their values come from.

use syn::visit_mut;
use syn::{Expr, Member, UnOp};

use super::change::assigns;
use super::{Reader, forbidden};
use crate::model::{Origin, Seg};
use crate::page::{self, Page};

/// Methods that hand on the value they are called on, or a view of it.
const SAME_VALUE: &[&str] = &[
    "clone",
    "to_owned",
    "as_ref",
    "as_str",
    "as_slice",
    "as_deref",
    "borrow",
    "iter",
    "into_iter",
    "to_vec",
    "to_string",
];

/// Methods that look at their argument and change nothing.
const READS: &[&str] = &[
    "binary_search",
    "cmp",
    "contains",
    "contains_key",
    "ends_with",
    "eq",
    "find",
    "get",
    "ne",
    "replace",
    "rfind",
    "split",
    "starts_with",
    "strip_prefix",
    "strip_suffix",
];

/// Methods that take the value out of an option; a result's value is the value itself.
const INNER_VALUE: &[&str] = &["unwrap", "expect"];

impl Reader<'_> {
    /// Reads an expression, replaces what it awaits, and says where its value comes from.
    pub(super) fn expr(&mut self, expr: &mut Expr) -> Origin {
        match expr {
            Expr::Await(_) => self.awaited(expr),
            Expr::Macro(_) => self.macro_call(expr),
            Expr::If(branch) => self.branch(branch),
            Expr::Match(choice) => self.choice(choice),
            Expr::While(_) | Expr::Loop(_) | Expr::ForLoop(_) => self.repetition(expr),
            Expr::Block(block) => {
                self.attributes(&mut block.attrs);
                match block.label {
                    Some(_) => self.breaking(|reader| reader.block(&mut block.block)),
                    None => self.block(&mut block.block),
                }
            }
            Expr::Async(block) => {
                let place = block.async_token;
                self.hidden(expr, place, "an `async` block")
            }
            Expr::Closure(_) => self.closure(expr),
            Expr::Let(bind) => {
                let value = self.expr(&mut bind.expr);
                self.bind(&bind.pat, value);
                Origin::Nothing
            }
            Expr::Assign(_) => self.assignment(expr),
            Expr::Binary(binary) if assigns(&binary.op) => self.compound(expr),
            Expr::Reference(_) => self.lent(expr),
            Expr::MethodCall(_) => self.method(expr),
            other => self.plain(other),
        }
    }

    /// Expressions that await nothing themselves.
    fn plain(&mut self, expr: &mut Expr) -> Origin {
        match expr {
            Expr::Lit(_) => Origin::Nothing,
            Expr::Return(leave) => {
                self.attributes(&mut leave.attrs);
                let value = leave.expr.as_mut().map_or(Origin::Nothing, |value| self.expr(value));
                self.returned.extend(value.traces());
                Origin::Nothing
            }
            Expr::Break(leave) => {
                self.attributes(&mut leave.attrs);
                let value = leave.expr.as_mut().map_or(Origin::Nothing, |value| self.expr(value));
                self.broken.extend(value.traces());
                Origin::Nothing
            }
            Expr::Path(path) => {
                path.path.get_ident().map_or(Origin::Nothing, |name| self.scope.value(&name.to_string()))
            }
            Expr::Paren(inner) => self.expr(&mut inner.expr),
            Expr::Group(inner) => self.expr(&mut inner.expr),
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => self.expr(&mut inner.expr),
            Expr::Try(inner) => self.tried(&mut inner.expr),
            Expr::Field(field) => {
                self.flow.used.extend(root(&field.base));
                let seg = match &field.member {
                    Member::Named(name) => Seg::Field(name.to_string()),
                    Member::Unnamed(index) => Seg::Index(index.index as usize),
                };
                self.expr(&mut field.base).part(seg)
            }
            Expr::Index(index) => {
                self.expr(&mut index.index);
                self.expr(&mut index.expr).part(Seg::Item)
            }
            Expr::Tuple(tuple) => Origin::Tuple(tuple.elems.iter_mut().map(|part| self.expr(part)).collect()),
            Expr::Call(call) if forbidden::call(call, self.errors) => Origin::Lost(Vec::new()),
            _ => self.composed(expr),
        }
    }

    /// A value that plain code puts together: its origin is lost if anything in it had one.
    fn composed(&mut self, expr: &mut Expr) -> Origin {
        let around = std::mem::take(&mut self.parts);
        visit_mut::visit_expr_mut(self, expr);
        let value = Origin::mixed(std::mem::replace(&mut self.parts, around));
        if let Expr::Call(call) = expr {
            self.changed_by_call(&call.args, &value.clone().traces());
        }
        value
    }

    /// `x?`: what a call has given, or the inside of an option.
    fn tried(&mut self, inner: &mut Expr) -> Origin {
        let direct = matches!(strip(inner), Expr::Await(_) | Expr::Macro(_));
        let value = self.expr(inner);
        if direct { value } else { inside(value) }
    }

    fn method(&mut self, expr: &mut Expr) -> Origin {
        let Expr::MethodCall(call) = expr else { return Origin::Nothing };
        self.attributes(&mut call.attrs);
        let name = call.method.to_string();
        self.flow.used.extend(root(&call.receiver));
        let receiver = self.expr(&mut call.receiver);
        let given: Vec<Origin> = call.args.iter_mut().map(|argument| self.expr(argument)).collect();
        let given = Origin::mixed(given);
        let all = Origin::mixed([receiver.clone(), given.clone()]);
        if !READS.contains(&name.as_str()) {
            self.add_to(root(&call.receiver), &given.clone().traces());
        }
        self.changed_by_call(&call.args, &all.clone().traces());
        if name.ends_with("_mut") || name == "entry" {
            root(&call.receiver).iter().for_each(|name| self.scope.lend(name));
        }
        let views = call.args.is_empty();
        self.grown(expr, given);
        if SAME_VALUE.contains(&name.as_str()) && views {
            return receiver;
        }
        if INNER_VALUE.contains(&name.as_str()) {
            return inside(receiver);
        }
        all
    }

    fn closure(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Closure(closure) = expr else { return Origin::Nothing };
        if forbidden::awaits(&closure.body) || closure.asyncness.is_some() {
            let place = closure.clone();
            return self.hidden(expr, place, "a closure");
        }
        forbidden::inside(&closure.body, self.errors);
        self.mentioned_in(&closure.body)
    }

    /// Something that would hide steps from the graph.
    pub(super) fn hidden(&mut self, expr: &mut Expr, place: impl quote::ToTokens, what: &str) -> Origin {
        let message = format!(
            "{what} hides its steps from the workflow's graph: await them in the body itself, in a branch of `try_join!` or in the closure of `map`"
        );
        self.refuse(page::HIDDEN_STEP, expr, place, message)
    }

    /// Puts the error in the place of an expression, so that nothing else is wrong on its account.
    pub(super) fn refuse(
        &mut self,
        page: Page,
        expr: &mut Expr,
        place: impl quote::ToTokens,
        message: impl std::fmt::Display,
    ) -> Origin {
        *expr = self.errors.expression(page, place, message);
        Origin::Lost(Vec::new())
    }
}

fn inside(value: Origin) -> Origin {
    match value {
        Origin::Traced(_) => value.part(Seg::Some),
        other => other,
    }
}

/// The expression without parentheses around it.
pub(super) fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => strip(&inner.expr),
        Expr::Group(inner) => strip(&inner.expr),
        other => other,
    }
}

/// The variable at the bottom of `a.b[c]`.
pub(super) fn root(expr: &Expr) -> Option<String> {
    match strip(expr) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Field(field) => root(&field.base),
        Expr::Index(index) => root(&index.expr),
        Expr::Unary(unary) => root(&unary.expr),
        _ => None,
    }
}
