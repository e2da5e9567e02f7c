//! Plain code between the steps: the call of a step that nobody awaits is found by its type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Local, Pat, Stmt};

use super::tokens::{spanned, underline};
use crate::model::Flow;

/// Watches statements and variables that hold the result of a plain call, but for those that were found out already.
pub(crate) fn watch(body: &mut Block, flow: &Flow) {
    Watch { flow }.visit_block_mut(body);
}

struct Watch<'a> {
    flow: &'a Flow,
}

impl VisitMut for Watch<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let mut held = Vec::new();
        let statements = std::mem::take(&mut block.stmts);
        for mut stmt in statements {
            if let Some(call) = self.used(&mut stmt) {
                *call = Expr::Verbatim(settled(call));
            }
            let probe = self.probe(&stmt, held.len());
            match (thrown_away(&stmt), stmt) {
                (Some(call), Stmt::Expr(_, semi)) => {
                    block.stmts.push(Stmt::Expr(Expr::Verbatim(dropped(&call)), semi));
                }
                (Some(call), Stmt::Local(mut local)) => {
                    local.init.iter_mut().for_each(|init| *init.expr = Expr::Verbatim(dropped(&call)));
                    block.stmts.push(Stmt::Local(local));
                }
                (_, other) => block.stmts.push(other),
            }
            if let Some((stmt, check)) = probe {
                block.stmts.push(stmt);
                held.push(check);
            }
        }
        if !held.is_empty() {
            at_end(block, held);
        }
    }

    fn visit_expr_field_mut(&mut self, field: &mut syn::ExprField) {
        visit_mut::visit_expr_field_mut(self, field);
        if is_function_call(&field.base) {
            *field.base = Expr::Verbatim(settled(&field.base));
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        Hidden.visit_expr_mut(&mut closure.body);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Watches each call in a closure, which makes values for code that the graph does not show.
struct Hidden;

impl VisitMut for Hidden {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if is_function_call(expr) {
            let probe = spanned(quote!(__flow::StepProbe::of(&__value).look().awaited()), expr.span());
            let require = underline(quote!(__flow::require_shown), probe, expr);
            *expr = Expr::Verbatim(quote!(match #expr { __value => { #require; __value } }));
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The call in `f(x);` or `let _ = f(x);`.
fn thrown_away(stmt: &Stmt) -> Option<Expr> {
    let call = match stmt {
        Stmt::Expr(call, Some(_)) => call,
        Stmt::Local(Local { pat: Pat::Wild(_), init: Some(init), .. }) => &init.expr,
        _ => return None,
    };
    is_path_call(call).then(|| call.clone())
}

/// The value is looked at by type and dropped as before.
fn dropped(call: &Expr) -> TokenStream {
    let probe = spanned(quote!(__flow::StepProbe::of(&__value).look().awaited()), call.span());
    let require = underline(quote!(__flow::require_awaited), probe, call);
    quote!({ let __value = #call; #require; __value })
}

/// The value as if it had been awaited, so that nothing else is wrong where it is used. A `match` keeps the temporaries of the
/// call alive as long as before.
fn settled(call: &Expr) -> TokenStream {
    let probe = spanned(quote!(__flow::StepProbe::of(&__value).look().awaited()), call.span());
    let require = underline(quote!(__flow::require_awaited), probe, call);
    quote!(match #call { __value => { #require; __flow::StepProbe::taking(__value).look().value() } })
}

impl Watch<'_> {
    /// The call in `let x = f(y);`, where `x` is used as its value.
    fn used<'s>(&self, stmt: &'s mut Stmt) -> Option<&'s mut Expr> {
        let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(init), .. }) = stmt else { return None };
        let used = self.flow.used.iter().any(|used| name.ident == used);
        let told = self.flow.settled.iter().any(|settled| name.ident == settled);
        (used && !told && init.diverge.is_none() && is_function_call(&init.expr)).then_some(&mut *init.expr)
    }

    /// `let x = f(y);`: the type is known for sure only at the end of the block, so the question is kept until there.
    fn probe(&self, stmt: &Stmt, index: usize) -> Option<(Stmt, TokenStream)> {
        let Stmt::Local(local) = stmt else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none() && is_path_call(&init.expr))?;
        let Pat::Ident(name) = &local.pat else { return None };
        if self.flow.settled.iter().any(|settled| name.ident == settled) {
            return None;
        }
        let (name, held) = (&name.ident, format_ident!("__held_call_{index}"));
        let stmt = syn::parse2(quote!(let #held = __flow::StepProbe::of(&#name);)).ok()?;
        let probe = spanned(quote!(#held.look().awaited()), init.expr.span());
        let check = underline(quote!(__flow::require_awaited), probe, &init.expr);
        Some((stmt, quote!(#check;)))
    }
}

/// Puts the checks before the value of the block.
fn at_end(block: &mut Block, checks: Vec<TokenStream>) {
    let checks = quote!(#[allow(unreachable_code)] { #(#checks)* });
    let check = Stmt::Expr(Expr::Verbatim(checks), None);
    match block.stmts.pop() {
        Some(Stmt::Expr(value, None)) => {
            block.stmts.push(check);
            block.stmts.push(Stmt::Expr(value, None));
        }
        Some(last) => {
            block.stmts.push(last);
            block.stmts.push(check);
        }
        None => {}
    }
}

fn is_path_call(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(call) if matches!(&*call.func, Expr::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident.to_string().starts_with(char::is_lowercase))))
}

/// The call of a function that stands in a module: the value of `T::new()` or `Default::default()` may depend on what follows.
fn is_function_call(expr: &Expr) -> bool {
    let of_a_type =
        |path: &syn::Path| path.segments.iter().any(|part| part.ident.to_string().starts_with(char::is_uppercase));
    is_path_call(expr)
        && matches!(expr, Expr::Call(call) if matches!(&*call.func, Expr::Path(path) if path.qself.is_none() && !of_a_type(&path.path)))
}
