//! Plain code between steps: calls of steps that are not awaited are found by type.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Local, Pat, Stmt, Token};

use super::tokens::{spanned, underline};
use crate::model::{Flow, Workflow};

/// Checks statements and variables that hold the result of a plain call, except those already reported, and functions that are
/// passed by name.
pub(crate) struct Watch<'a> {
    flow: &'a Flow,
    /// The names of all variables of the workflow, which are not module-level functions.
    variables: HashSet<String>,
}

impl<'a> Watch<'a> {
    pub(crate) fn of(workflow: &'a Workflow) -> Self {
        Self { flow: &workflow.flow, variables: variables(workflow) }
    }
}

fn variables(workflow: &Workflow) -> HashSet<String> {
    struct Names(HashSet<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
            self.0.insert(ident.ident.to_string());
            syn::visit::visit_pat_ident(self, ident);
        }
    }
    let (function, flow) = (&workflow.function, &workflow.flow);
    let mut names = Names(function.arguments.iter().map(|argument| argument.name.to_string()).collect());
    names.visit_block(&flow.body);
    flow.nodes.iter().flat_map(|node| &node.arguments).for_each(|argument| names.visit_expr(&argument.value));
    flow.joins.iter().flat_map(|join| &join.branches).for_each(|branch| names.visit_expr(branch));
    for map in &flow.maps {
        names.visit_expr(&map.items);
        map.closure.iter().for_each(|closure| names.visit_expr_closure(closure));
    }
    names.0
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

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        self.handed(&mut call.args);
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        self.handed(&mut call.args);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        Hidden(self).visit_expr_mut(&mut closure.body);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Checks each call in a closure, whose code is not part of the graph.
struct Hidden<'w, 'a>(&'w Watch<'a>);

impl VisitMut for Hidden<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) => self.0.handed(&mut call.args),
            Expr::Call(call) => self.0.handed(&mut call.args),
            _ => {}
        }
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

/// Checks a dropped value by type.
fn dropped(call: &Expr) -> TokenStream {
    let probe = spanned(quote!(__flow::StepProbe::of(&__value).look().awaited()), call.span());
    let require = underline(quote!(__flow::require_awaited), probe, call);
    quote!({ let __value = #call; #require; __value })
}

/// Checks a value by type and treats it as awaited, so that its uses cause no further errors. A `match` keeps the
/// temporaries of the call alive as long as before.
fn settled(call: &Expr) -> TokenStream {
    let probe = spanned(quote!(__flow::StepProbe::of(&__value).look().awaited()), call.span());
    let require = underline(quote!(__flow::require_awaited), probe, call);
    quote!(match #call { __value => { #require; __flow::StepProbe::taking(__value).look().value() } })
}

impl Watch<'_> {
    /// Checks each function that is passed by name.
    fn handed(&self, arguments: &mut Punctuated<Expr, Token![,]>) {
        for argument in arguments {
            let Expr::Path(path) = argument else { continue };
            let is_variable = path.path.get_ident().is_some_and(|name| self.variables.contains(&name.to_string()));
            if is_variable || !names_a_function(path) {
                continue;
            }
            let probe = spanned(quote!(__flow::HandedProbe::of(&__function).handed()), path.span());
            let require = underline(quote!(__flow::require_plain), probe, path);
            *argument = Expr::Verbatim(quote!(match #path { __function => { #require; __function } }));
        }
    }

    /// The call in `let x = f(y);`, if `x` is used as its value.
    fn used<'s>(&self, stmt: &'s mut Stmt) -> Option<&'s mut Expr> {
        let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(init), .. }) = stmt else { return None };
        let used = self.flow.used.iter().any(|used| name.ident == used);
        let told = self.flow.settled.iter().any(|settled| name.ident == settled);
        (used && !told && init.diverge.is_none() && is_function_call(&init.expr)).then_some(&mut *init.expr)
    }

    /// `let x = f(y);`: its type is only certain at the end of the block, so the check is postponed until there.
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

/// Inserts the checks before the value of the block.
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

/// Whether a path names a module-level function, as every step is.
fn names_a_function(path: &syn::ExprPath) -> bool {
    let is_type = |part: &syn::PathSegment| part.ident.to_string().starts_with(char::is_uppercase);
    path.qself.is_none() && !path.path.segments.iter().any(is_type)
}

fn is_path_call(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(call) if matches!(&*call.func, Expr::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident.to_string().starts_with(char::is_lowercase))))
}

/// Whether the expression calls a module-level function. The type of `T::new()` or `Default::default()` may depend on
/// later code.
fn is_function_call(expr: &Expr) -> bool {
    is_path_call(expr)
        && matches!(expr, Expr::Call(call) if matches!(&*call.func, Expr::Path(path) if names_a_function(path)))
}
