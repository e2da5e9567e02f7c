//! Arms that handle an error and end the workflow with `Ok`: what was done before is kept, unless the workflow undoes it.
//!
//! The body is looked at once more when it has been read, so each call is a placeholder.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat, Stmt};

use super::ending::gives_away;
use super::value::strip;
use crate::model::{Flow, Kept};

/// All such arms, in the order of the code.
pub(super) fn arms(flow: &Flow, body: &Block) -> Vec<Kept> {
    let mut walk = Walk { flow, done: Vec::new(), held: HashMap::new(), beside: 0, found: Vec::new() };
    walk.block(body, End::Tail);
    walk.found
}

/// What the value of an expression is to the workflow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The workflow goes on with it.
    No,
    /// It is the workflow's result.
    Tail,
    /// It is in the `Ok(…)` that is the workflow's result.
    Wrapped,
}

struct Walk<'a> {
    flow: &'a Flow,
    /// The calls on the way here.
    done: Vec<usize>,
    /// Variables that hold the result of a call, which may have failed.
    held: HashMap<String, usize>,
    /// How many branches of `join!` and closures of `map` are around: `return` ends those.
    beside: usize,
    found: Vec<Kept>,
}

/// An arm that is taken when a call has failed.
struct Handler<'a> {
    at: TokenStream,
    /// Its own code.
    body: &'a Expr,
    /// The call whose failure it handles: what has failed is not done.
    failed: Option<usize>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block, end: End) {
        let last = block.stmts.len().saturating_sub(1);
        for (at, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                Stmt::Local(local) => self.local(local),
                Stmt::Expr(expr, None) if at == last => self.expr(expr, end),
                Stmt::Expr(expr, _) => self.expr(expr, End::No),
                Stmt::Item(_) | Stmt::Macro(_) => {}
            }
        }
    }

    fn local(&mut self, local: &syn::Local) {
        let Some(init) = &local.init else { return };
        self.expr(&init.expr, End::No);
        if let Some((token, other)) = &init.diverge {
            let (around, at) = (self.done.clone(), token.to_token_stream());
            self.handler(Handler { at, body: other, failed: self.result_of(&init.expr) }, End::No);
            self.done = around;
        }
        if let (Pat::Ident(name), Some(call)) = (&local.pat, self.result_of(&init.expr)) {
            self.held.insert(name.ident.to_string(), call);
        }
    }

    fn expr(&mut self, expr: &Expr, end: End) {
        match expr {
            Expr::Path(_) => self.placeholder(expr),
            Expr::Block(block) => self.block(&block.block, end),
            Expr::Paren(inner) => self.expr(&inner.expr, end),
            Expr::Group(inner) => self.expr(&inner.expr, end),
            Expr::Return(leave) => leave.expr.iter().for_each(|value| self.expr(value, End::Tail)),
            Expr::Call(call) if end == End::Tail && is_ok(&call.func) => {
                call.args.iter().for_each(|value| self.expr(value, End::Wrapped));
            }
            Expr::Match(choice) => self.choice(choice, end),
            Expr::If(branch) => self.branch(branch, end),
            Expr::While(_) | Expr::Loop(_) | Expr::ForLoop(_) => self.repetition(expr),
            Expr::Closure(_) | Expr::Async(_) => self.apart(|walk| visit::visit_expr(walk, expr)),
            other => visit::visit_expr(self, other),
        }
    }

    /// What stands beside others is not left by `return`.
    fn apart(&mut self, read: impl FnOnce(&mut Self)) {
        self.beside += 1;
        read(self);
        self.beside -= 1;
    }

    fn placeholder(&mut self, expr: &Expr) {
        let flow = self.flow;
        match placed(expr) {
            Some(("node", index)) => {
                let arguments = flow.nodes.get(index).map_or(&[][..], |node| &node.arguments);
                arguments.iter().for_each(|argument| self.expr(&argument.value, End::No));
                self.done.push(index);
            }
            Some(("join", index)) => self.apart(|walk| {
                let branches = flow.joins.get(index).map_or(&[][..], |join| &join.branches);
                branches.iter().for_each(|branch| walk.expr(branch, End::No));
            }),
            Some(("map", index)) => self.apart(|walk| {
                let Some(map) = flow.maps.get(index) else { return };
                walk.expr(&map.items, End::No);
                map.closure.iter().for_each(|closure| walk.expr(&closure.body, End::No));
            }),
            _ => {}
        }
    }

    fn choice(&mut self, choice: &syn::ExprMatch, end: End) {
        self.expr(&choice.expr, End::No);
        let failed = self.result_of(&choice.expr);
        let (before, mut after) = (self.done.clone(), self.done.clone());
        for arm in &choice.arms {
            let (pat, guard) = match &arm.pat {
                Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
                pat => (pat, None),
            };
            guard.iter().for_each(|guard| self.expr(guard, End::No));
            match is_err(pat, self.is_awaited(&choice.expr)) {
                true => self.handler(Handler { at: pat.to_token_stream(), body: &arm.body, failed }, end),
                false => self.expr(&arm.body, end),
            }
            self.join_way(&mut after, &before, &arm.body);
        }
        self.done = after;
    }

    fn branch(&mut self, branch: &syn::ExprIf, end: End) {
        self.expr(&branch.cond, End::No);
        let on_error = self.on_error(&branch.cond);
        let (before, mut after) = (self.done.clone(), self.done.clone());
        let then = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: branch.then_branch.clone() });
        match &on_error {
            Some((true, at, failed)) => self.handler(Handler { at: at.clone(), body: &then, failed: *failed }, end),
            _ => self.expr(&then, end),
        }
        self.join_way(&mut after, &before, &then);
        if let Some((token, other)) = &branch.else_branch {
            match on_error {
                Some((false, _, failed)) => {
                    self.handler(Handler { at: token.to_token_stream(), body: other, failed }, end);
                }
                _ => self.expr(other, end),
            }
            self.join_way(&mut after, &before, other);
        }
        self.done = after;
    }

    /// Whether a condition asks if a call has failed, or if it has not; where, and which call.
    fn on_error(&self, condition: &Expr) -> Option<(bool, TokenStream, Option<usize>)> {
        match strip(condition) {
            Expr::Let(bind) if is_err(&bind.pat, false) => {
                Some((true, bind.pat.to_token_stream(), self.result_of(&bind.expr)))
            }
            Expr::Let(bind) if is_ok_pattern(&bind.pat) && self.is_awaited(&bind.expr) => {
                Some((false, TokenStream::new(), self.result_of(&bind.expr)))
            }
            Expr::MethodCall(method) if self.is_awaited(&method.receiver) => {
                let asks_for_error = match method.method.to_string().as_str() {
                    "is_err" => true,
                    "is_ok" => false,
                    _ => return None,
                };
                Some((asks_for_error, method.method.to_token_stream(), self.result_of(&method.receiver)))
            }
            Expr::Unary(syn::ExprUnary { op: syn::UnOp::Not(_), expr, .. }) => {
                let (on_error, at, failed) = self.on_error(expr)?;
                Some((!on_error, at, failed))
            }
            _ => None,
        }
    }

    /// The calls of one arm are on the way to what follows, unless the arm leaves; the next arm begins as this one did.
    fn join_way(&mut self, after: &mut Vec<usize>, before: &[usize], body: &Expr) {
        if !leaves(body) {
            after.extend_from_slice(&self.done[before.len()..]);
        }
        self.done.truncate(before.len());
    }

    /// All that is called in a loop may have been called in an earlier turn.
    fn repetition(&mut self, expr: &Expr) {
        let found = self.found.len();
        let mut all = Calls { walk: self, found: Vec::new() };
        all.visit_expr(expr);
        let calls = all.found;
        match expr {
            Expr::While(repeat) => {
                self.expr(&repeat.cond, End::No);
                self.block(&repeat.body, End::No);
            }
            Expr::Loop(repeat) => self.block(&repeat.body, End::No),
            Expr::ForLoop(repeat) => {
                self.expr(&repeat.expr, End::No);
                self.block(&repeat.body, End::No);
            }
            _ => {}
        }
        for arm in &mut self.found[found..] {
            let more = calls.iter().filter(|call| !arm.within.contains(call) && !arm.before.contains(call));
            arm.before.extend(more.copied().collect::<Vec<_>>());
        }
    }

    fn handler(&mut self, handler: Handler<'_>, end: End) {
        let (start, found) = (self.done.len(), self.found.len());
        self.expr(handler.body, end);
        if self.beside > 0 || !ends_well(handler.body, end) {
            return;
        }
        let before: Vec<_> = self.done[..start].iter().copied().filter(|call| Some(*call) != handler.failed).collect();
        // One step that is kept is told of once, at the outermost arm.
        for inner in &mut self.found[found..] {
            inner.before.retain(|call| !before.contains(call));
        }
        let within = self.done[start..].to_vec();
        self.found.insert(found, Kept { at: handler.at, before, within });
    }

    /// The call whose result an expression is.
    fn result_of(&self, expr: &Expr) -> Option<usize> {
        match placed(strip(expr)) {
            Some(("node", index)) => Some(index),
            Some(_) => None,
            None => match strip(expr) {
                Expr::Path(path) => self.held.get(&path.path.get_ident()?.to_string()).copied(),
                Expr::Reference(inner) => self.result_of(&inner.expr),
                _ => None,
            },
        }
    }

    /// Whether an expression is the result of a call, a `try_join!` or a `map`.
    fn is_awaited(&self, expr: &Expr) -> bool {
        placed(strip(expr)).is_some() || self.result_of(expr).is_some()
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.expr(expr, End::No);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.block(block, End::No);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// The calls in an expression.
struct Calls<'a, 'b> {
    walk: &'a Walk<'b>,
    found: Vec<usize>,
}

impl<'ast> Visit<'ast> for Calls<'_, '_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let mut walk =
            Walk { flow: self.walk.flow, done: Vec::new(), held: HashMap::new(), beside: 1, found: Vec::new() };
        if placed(expr).is_some() {
            walk.placeholder(expr);
            self.found.append(&mut walk.done);
            return;
        }
        visit::visit_expr(self, expr);
    }
}

/// The kind and the index of a placeholder.
fn placed(expr: &Expr) -> Option<(&'static str, usize)> {
    let Expr::Path(path) = expr else { return None };
    let name = path.path.get_ident()?.to_string();
    let (kind, index) = name.strip_prefix("__flow_")?.split_once('_')?;
    let kind = ["node", "join", "map"].into_iter().find(|known| *known == kind)?;
    Some((kind, index.parse().ok()?))
}

/// Whether a pattern takes errors; `rest` says that a name or `_` stands for one too.
fn is_err(pat: &Pat, rest: bool) -> bool {
    match pat {
        Pat::TupleStruct(inner) => inner.path.segments.last().is_some_and(|last| last.ident == "Err"),
        Pat::Or(or) => or.cases.iter().any(|case| is_err(case, rest)),
        Pat::Paren(inner) => is_err(&inner.pat, rest),
        Pat::Reference(inner) => is_err(&inner.pat, rest),
        Pat::Ident(name) => name.subpat.as_ref().map_or(rest, |(_, inner)| is_err(inner, rest)),
        Pat::Wild(_) => rest,
        _ => false,
    }
}

fn is_ok_pattern(pat: &Pat) -> bool {
    matches!(pat, Pat::TupleStruct(inner) if inner.path.segments.last().is_some_and(|last| last.ident == "Ok"))
}

fn is_ok(function: &Expr) -> bool {
    matches!(strip(function), Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Ok"))
}

/// Whether the code of an arm may end the workflow with `Ok`.
fn ends_well(body: &Expr, end: End) -> bool {
    struct Returns(bool);
    impl<'ast> Visit<'ast> for Returns {
        fn visit_expr_return(&mut self, leave: &'ast syn::ExprReturn) {
            self.0 |= leave.expr.as_ref().is_some_and(|value| is_well(value, End::Tail));
            visit::visit_expr_return(self, leave);
        }

        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}

        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut returns = Returns(false);
    returns.visit_expr(body);
    returns.0 || is_well(body, end)
}

/// Whether the value of an expression ends the workflow with `Ok`.
fn is_well(expr: &Expr, end: End) -> bool {
    let block = |block: &Block| match block.stmts.last() {
        _ if block.stmts.iter().any(statement_leaves) => false,
        Some(Stmt::Expr(last, None)) => is_well(last, end),
        _ => end == End::Wrapped,
    };
    match strip(expr) {
        _ if end == End::No => false,
        Expr::Block(inner) => block(&inner.block),
        Expr::If(branch) => {
            block(&branch.then_branch) || branch.else_branch.as_ref().is_some_and(|(_, other)| is_well(other, end))
        }
        Expr::Match(choice) => choice.arms.iter().any(|arm| is_well(&arm.body, end)),
        other if end == End::Wrapped => !leaves(other),
        Expr::Call(call) => is_ok(&call.func),
        other => placed(other).is_some(),
    }
}

/// Whether nothing behind an expression runs.
fn leaves(expr: &Expr) -> bool {
    let block = |block: &Block| block.stmts.iter().any(statement_leaves);
    match strip(expr) {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Block(inner) => inner.label.is_none() && block(&inner.block),
        Expr::If(branch) => {
            block(&branch.then_branch) && branch.else_branch.as_ref().is_some_and(|(_, other)| leaves(other))
        }
        Expr::Match(choice) => !choice.arms.is_empty() && choice.arms.iter().all(|arm| leaves(&arm.body)),
        Expr::Macro(call) => gives_away(&call.mac),
        _ => false,
    }
}

fn statement_leaves(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, _) => leaves(expr),
        Stmt::Local(local) => local.init.as_ref().is_some_and(|init| leaves(&init.expr)),
        Stmt::Macro(call) => gives_away(&call.mac),
        Stmt::Item(_) => false,
    }
}
