//! `Result`s that a statement drops, and a step's error with them.
//!
//! They are marked with an attribute before the statement is read, since reading replaces the awaited calls.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, BinOp, Block, Expr, ExprAwait, ExprMacro, ExprMatch, ExprMethodCall, Lifetime, Pat, Stmt, parse_quote,
};

use super::expr::strip;
use super::reader::Reader;
use crate::model::{Dropped, JoinForm, MapForm, Origin, What};

impl Reader {
    /// Records a call, already replaced by a placeholder, whose `Result` is dropped. Only its type tells whether it is a step.
    pub(super) fn drops(&mut self, call: &Expr, end: Span) {
        let Expr::Path(path) = call else { return };
        let name = path.path.get_ident().map_or(String::new(), ToString::to_string);
        if let Some(index) = name.strip_prefix("__flow_node_") {
            self.flow.dropped.extend(index.parse::<usize>());
        } else if name.starts_with("__flow_map_") {
            let ends = [path.span(), end].map(|span| Ident::new("map", span));
            self.found(What::Dropped(Dropped::Map), quote::quote!(#(#ends)*));
        }
    }

    /// Records a `match` that ignores the `Result` of a call in every arm.
    pub(super) fn drops_matched(&mut self, choice: &ExprMatch) {
        let is_ignored = |arm: &syn::Arm| match &arm.pat {
            Pat::Guard(guarded) => matches!(*guarded.pat, Pat::Wild(_)),
            pat => matches!(pat, Pat::Wild(_)),
        };
        if choice.arms.iter().all(is_ignored) {
            let call = strip(&choice.expr);
            self.drops(call, call.span());
        }
    }

    /// Reads a block that returns a `Result` to a `map` or a `join!`. It may end without a value.
    pub(super) fn result(&mut self, block: &mut Block, without_value: MapForm) -> Origin {
        let has_no_value = block.stmts.last().is_none_or(has_no_value);
        let end = block.stmts.last().map_or_else(|| block.to_token_stream(), ToTokens::to_token_stream);
        let value = self.function(block);
        if has_no_value && self.is_come_to() {
            block.stmts.push(Stmt::Expr(self.stand_in(What::Map(without_value), end), None));
        }
        value
    }
}

fn has_no_value(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(Expr::ForLoop(_) | Expr::While(_) | Expr::Let(_) | Expr::Assign(_), None) => true,
        Stmt::Expr(Expr::If(branch), None) => branch.else_branch.is_none(),
        // The function may never return.
        Stmt::Expr(Expr::Call(_), _) => false,
        Stmt::Expr(_, semicolon) => semicolon.is_some(),
        Stmt::Macro(call) => call.semi_token.is_some(),
        Stmt::Local(_) | Stmt::Item(_) => true,
    }
}

/// Marks each `Result` in a statement that ends with a semicolon. Returns whether there is one.
pub(super) fn mark(statement: &mut Expr) -> bool {
    match statement {
        Expr::Await(ExprAwait { attrs, .. }) => mark_one(attrs),
        Expr::Macro(call) if is_join(call) => mark_one(&mut call.attrs),
        Expr::Paren(inner) => mark(&mut inner.expr),
        Expr::Group(inner) => mark(&mut inner.expr),
        Expr::Reference(inner) => mark(&mut inner.expr),
        Expr::Field(inner) => mark(&mut inner.base),
        Expr::MethodCall(call) if is_still_a_result(call) => mark(&mut call.receiver),
        Expr::Call(call) if is_variant(&call.func) => mark_all(call.args.iter_mut()),
        Expr::Block(inner) => {
            let breaks = inner.label.as_ref().is_some_and(|label| mark_breaks(&mut inner.block, Some(label), false));
            mark_end(&mut inner.block) || breaks
        }
        Expr::Loop(repeat) => mark_breaks(&mut repeat.body, repeat.label.as_ref(), true),
        Expr::Unsafe(inner) => mark_end(&mut inner.block),
        Expr::Index(inner) => mark(&mut inner.expr),
        Expr::Struct(literal) => mark_all(literal.fields.iter_mut().map(|field| &mut field.expr)),
        Expr::Binary(both) if is_comparison(&both.op) => {
            let sides = [both.left.as_mut(), both.right.as_mut()].map(mark);
            match sides {
                [false, false] => {}
                [true, true] => {
                    let (left, right) = (&both.left, &both.right);
                    *statement = parse_quote!((#left, #right));
                }
                [true, false] => *statement = (*both.left).clone(),
                [false, true] => *statement = (*both.right).clone(),
            }
            sides.contains(&true)
        }
        Expr::If(branch) => {
            let then = mark_end(&mut branch.then_branch);
            branch.else_branch.as_mut().is_some_and(|(_, other)| mark(other)) || then
        }
        Expr::Match(choice) => mark_all(choice.arms.iter_mut().map(|arm| &mut *arm.body)),
        Expr::Tuple(tuple) => mark_all(tuple.elems.iter_mut()),
        Expr::Array(list) => mark_all(list.elems.iter_mut()),
        _ => false,
    }
}

fn is_comparison(op: &BinOp) -> bool {
    matches!(op, BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_))
}

/// Marks all, without stopping at the first.
fn mark_all<'e>(ends: impl Iterator<Item = &'e mut Expr>) -> bool {
    ends.map(mark).filter(|marked| *marked).count() > 0
}

/// Marks the values of `break`s out of a loop or a labelled block.
fn mark_breaks(body: &mut Block, label: Option<&syn::Label>, is_loop: bool) -> bool {
    let label = label.map(|label| label.name.clone());
    let mut breaks = Breaks { label, innermost: is_loop, found: false };
    breaks.visit_block_mut(body);
    breaks.found
}

struct Breaks {
    label: Option<Lifetime>,
    /// A `break` without a label targets this loop.
    innermost: bool,
    found: bool,
}

impl VisitMut for Breaks {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let around = self.innermost;
        match expr {
            Expr::Closure(_) | Expr::Async(_) => return,
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => self.innermost = false,
            Expr::Break(leave)
                if leave.label.is_some() && leave.label == self.label || leave.label.is_none() && around =>
            {
                self.found |= leave.expr.as_mut().is_some_and(|value| mark(value));
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
        self.innermost = around;
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Methods that turn a `Result` into another one. Other methods decide what happens to an error, like `.ok()`.
const STILL_A_RESULT: &[&str] = &[
    "and",
    "and_then",
    "as_deref",
    "as_deref_mut",
    "as_mut",
    "as_ref",
    "clone",
    "cloned",
    "copied",
    "flatten",
    "inspect",
    "inspect_err",
    "map",
    "map_err",
    "or",
    "or_else",
];

pub(super) fn is_still_a_result(call: &ExprMethodCall) -> bool {
    STILL_A_RESULT.iter().any(|name| call.method == name)
}

/// `Some(…)`, `Ok(…)` and `Err(…)`, which hold their argument.
fn is_variant(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if ["Some", "Ok", "Err"].iter().any(|name| path.path.is_ident(name)))
}

fn mark_one(attrs: &mut Vec<Attribute>) -> bool {
    attrs.push(parse_quote!(#[__flow_dropped]));
    true
}

fn mark_end(block: &mut Block) -> bool {
    end(block).is_some_and(mark)
}

/// Removes the mark. Returns whether there was one.
pub(super) fn unmark(attrs: &mut Vec<Attribute>) -> bool {
    let before = attrs.len();
    attrs.retain(|attr| !attr.path().is_ident("__flow_dropped"));
    attrs.len() < before
}

/// Adds the semicolon that rustc would ask for after a `Result` at the end of a block without a value, such as a loop body.
pub(super) fn end_in_nothing(block: &mut Block) {
    let is_result = end(block).is_some_and(|end| is_result(end));
    match block.stmts.last_mut() {
        Some(Stmt::Expr(_, semicolon)) if is_result => *semicolon = Some(<_>::default()),
        Some(Stmt::Expr(end, None)) => nothing(end),
        _ => {}
    }
}

/// The same for a statement without a semicolon that is followed by others.
pub(super) fn nothing(statement: &mut Expr) {
    match statement {
        Expr::Block(inner) => end_in_nothing(&mut inner.block),
        Expr::Unsafe(inner) => end_in_nothing(&mut inner.block),
        Expr::If(branch) => {
            end_in_nothing(&mut branch.then_branch);
            branch.else_branch.iter_mut().for_each(|(_, other)| nothing(other));
        }
        Expr::Match(choice) => choice.arms.iter_mut().for_each(|arm| {
            let body = &mut arm.body;
            if is_result(body) {
                **body = parse_quote!({ #body; });
            } else {
                nothing(body);
            }
        }),
        _ => {}
    }
}

fn is_result(expr: &Expr) -> bool {
    match expr {
        Expr::Await(_) => true,
        Expr::Macro(call) => is_join(call),
        Expr::MethodCall(_) | Expr::Loop(_) => mark(&mut expr.clone()),
        Expr::Block(block) => block.label.is_some() && mark(&mut expr.clone()),
        _ => false,
    }
}

/// Adds a semicolon to a statement that evaluates to a `Result` and is followed by others.
pub(super) fn end_statement(stmt: &mut Stmt) {
    if let Stmt::Expr(expr @ (Expr::Loop(_) | Expr::Block(_)), semicolon @ None) = stmt
        && is_result(expr)
    {
        *semicolon = Some(<_>::default());
    }
}

/// The final expression of a block.
fn end(block: &mut Block) -> Option<&mut Expr> {
    let last = block.stmts.last_mut()?;
    macro_as_expression(last);
    match last {
        Stmt::Expr(end, None) => Some(end),
        _ => None,
    }
}

/// Turns a macro statement into an expression statement.
pub(super) fn macro_as_expression(stmt: &mut Stmt) {
    if let Stmt::Macro(found) = stmt {
        let expr = Expr::Macro(ExprMacro { attrs: std::mem::take(&mut found.attrs), mac: found.mac.clone() });
        *stmt = Stmt::Expr(expr, found.semi_token);
    }
}

pub(super) fn is_join(call: &ExprMacro) -> bool {
    JoinForm::of(&call.mac.path).is_some()
}
