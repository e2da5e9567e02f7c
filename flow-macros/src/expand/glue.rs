//! Plain code between the steps: the call of a step that nobody awaits is found by its type.

use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, Stmt};

/// Watches statements and variables that hold the result of a plain call.
pub(crate) fn watch(body: &mut Block) {
    Watch.visit_block_mut(body);
}

struct Watch;

impl VisitMut for Watch {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let mut held = Vec::new();
        let statements = std::mem::take(&mut block.stmts);
        for stmt in statements {
            let probe = probe(&stmt, held.len());
            match stmt {
                Stmt::Expr(call @ Expr::Call(_), Some(semi)) if is_path_call(&call) => {
                    block.stmts.push(Stmt::Expr(Expr::Verbatim(dropped(&call)), Some(semi)));
                }
                other => block.stmts.push(other),
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

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// `f(x);`: the value is looked at by type and dropped as before.
fn dropped(call: &Expr) -> proc_macro2::TokenStream {
    let span = call.span();
    let require = super::tokens::spanned(quote!(::flow::__private::require_awaited), span);
    let require = quote_spanned!(span => #require(::flow::__private::StepProbe::of(&__value).awaited()));
    quote!({ let __value = #call; #require; __value })
}

/// `let x = f(y);`: the type is known for sure only at the end of the block, so the question is kept until there.
fn probe(stmt: &Stmt, index: usize) -> Option<(Stmt, proc_macro2::TokenStream)> {
    let Stmt::Local(local) = stmt else { return None };
    let init = local.init.as_ref().filter(|init| init.diverge.is_none() && is_path_call(&init.expr))?;
    let Pat::Ident(name) = &local.pat else { return None };
    let (name, held, span) = (&name.ident, format_ident!("__held_call_{index}"), init.expr.span());
    let stmt = syn::parse2(quote!(let #held = ::flow::__private::StepProbe::of(&#name);)).ok()?;
    let require = super::tokens::spanned(quote!(::flow::__private::require_awaited), span);
    Some((stmt, quote_spanned!(span => #require(#held.awaited());)))
}

/// Puts the checks before the value of the block.
fn at_end(block: &mut Block, checks: Vec<proc_macro2::TokenStream>) {
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
