//! The operand of `.await`: the call of a step or a workflow, or a `map`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Ident, LitStr};

use super::value::{root, strip};
use super::{Reader, by_name, dropped, placeholder};
use crate::model::{Node, Op, Origin, Passed};
use crate::page::{self, Page};

/// Functions that wrap a future, which the graph would mistake for the step, and what to write instead.
const WRAPPERS: &[(&[&str], &str)] = &[
    (&["pin", "boxed", "from_future"], "await the step directly, which needs no box"),
    (&["timeout"], "await the step directly, and set the limit on the call with `.timeout(\"30s\")`"),
    (&["spawn", "spawn_local"], "await the step directly; to run several concurrently, use `try_join!` or `map`"),
];

impl Reader<'_> {
    /// `base.await`, replaced by a placeholder.
    pub(super) fn awaited(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Await(awaited) = expr else { return Origin::Nothing };
        let tried = std::mem::take(&mut self.ways.tried);
        let (end, drops) = (awaited.await_token.span, dropped::unmark(&mut awaited.attrs));
        *expr = (*awaited.base).clone();
        let value = self.call(expr, end, tried);
        if drops {
            self.drops(expr, end);
        }
        value
    }

    /// Replaces a call with a placeholder, or with an error if it cannot run here. If it is `tried`, its error ends the
    /// enclosing function.
    pub(super) fn call(&mut self, call: &mut Expr, end: Span, tried: bool) -> Origin {
        let (inner, options) = peel(strip(call).clone());
        match inner {
            Expr::Call(inner) if by_name::is_map(&inner.func) && ends_in_a_closure(&inner) => {
                self.map(call, inner, options, tried)
            }
            Expr::Call(inner) => match self.map_by_name(call, &inner) {
                Some(refused) => refused,
                None => self.step(call, inner, options, end),
            },
            // Its value was already rejected and has no type.
            Expr::Path(path)
                if path.path.get_ident().is_some_and(|name| self.refused.iter().any(|known| name == known)) =>
            {
                *call = Expr::Path(path);
                Origin::Nothing
            }
            other => {
                let (page, place, message) = self.not_a_call(&other);
                self.refuse(page, call, place, message)
            }
        }
    }

    fn step(&mut self, place: &mut Expr, call: syn::ExprCall, options: Vec<ExprMethodCall>, end: Span) -> Origin {
        let path = match strip(&call.func) {
            Expr::Path(path) => path.path.clone(),
            other => {
                let (page, at, message) = self.not_a_call(other);
                return self.refuse(page, place, at, message);
            }
        };
        // Its value was already rejected and has no type.
        if path.get_ident().is_some_and(|name| self.refused.iter().any(|known| name == known)) {
            *place = syn::parse_quote!(#path);
            return Origin::Nothing;
        }
        if let Some((page, message)) = self.not_a_step(&path) {
            return self.refuse(page, place, path, message);
        }
        let before = self.errors.mark();
        let arguments: Vec<_> = call.args.into_iter().map(|value| self.argument(value)).collect();
        let refused = self.errors.mark() != before;
        let (name, options) = self.call_options(options);
        let id = name.as_ref().map_or_else(|| crate::model::last_name(&path), LitStr::value);
        let ordinal = self.ordinal(&id);
        let (index, span) = (self.flow.nodes.len(), path.span());
        let beside = self.beside;
        self.flow.nodes.push(Node { path, arguments, options, name, ordinal, end, beside, refused });
        self.flow.structure.push(Op::Step(index));
        self.met(index);
        let name = placeholder("node", index, span);
        *place = syn::parse_quote!(#name);
        Origin::node(index)
    }

    /// Rejects functions that are recognizable as wrong by name: inner functions, variables and wrappers of futures.
    fn not_a_step(&mut self, path: &syn::Path) -> Option<(Page, String)> {
        let name = path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        if path.get_ident().is_some() && self.inside.contains(&name) {
            let message = format!(
                "`{name}` is declared inside the workflow's body, where the graph cannot name it: move it out of the body, and annotate it with `#[workflow]` if it awaits steps, or with `#[step]` if it does the work itself"
            );
            self.awaited_inside.push(name);
            return Some((page::NOT_A_STEP, message));
        }
        if path.get_ident().is_some_and(|ident| self.scope.contains(&ident.to_string())) {
            let message = format!(
                "`{name}` is a local variable here, not a step: rename the variable, or call it without `.await`"
            );
            return Some((page::NOT_A_STEP, message));
        }
        let (_, instead) = WRAPPERS.iter().find(|(names, _)| names.contains(&name.as_str()))?;
        let wraps = path.segments.len() > 1;
        wraps.then(|| {
            (
                page::HIDDEN_STEP,
                format!("`{}` hides its step from the workflow's graph: {instead}", crate::text::of(path)),
            )
        })
    }

    fn argument(&mut self, mut value: Expr) -> Passed {
        let passed = match strip(&value) {
            Expr::Reference(reference) => &reference.expr,
            other => other,
        };
        self.flow.used.extend(root(passed));
        let origin = self.apart(|reader| reader.expr(&mut value));
        Passed { value, origin }
    }

    /// Separates `.id("…")` from the other options, which are kept as written.
    fn call_options(&mut self, calls: Vec<ExprMethodCall>) -> (Option<LitStr>, Vec<(Ident, Expr)>) {
        let (mut name, mut options) = (None, Vec::new());
        for call in calls {
            let Some(argument) = call.args.first().filter(|_| call.args.len() == 1) else {
                self.errors.at(
                    page::CALL_OPTION,
                    &call.method,
                    format!("`.{}(…)` takes exactly one value", call.method),
                );
                continue;
            };
            match (call.method.to_string().as_str(), argument) {
                ("id", Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                    name = self.errors.take(page::CALL_OPTION, crate::parse::id::id(text.clone()));
                }
                ("id", other) => self.errors.at(page::CALL_OPTION, other, "the id of a call must be a string literal: write `.id(\"…\")`"),
                ("timeout", Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                    if self.errors.take(page::CALL_OPTION, crate::parse::duration::millis(text)).is_some() {
                        options.push((call.method, argument.clone()));
                    }
                }
                ("model" | "timeout", _) => options.push((call.method, argument.clone())),
                (other, _) => self.errors.at(
                    page::CALL_OPTION,
                    &call.method,
                    format!("`.{other}(…)` is an option of `map`: the options of a step call are `.model(…)`, `.timeout(…)` and `.id(…)`"),
                ),
            }
        }
        (name, options)
    }

    /// Why an awaited expression is not a step call, and the tokens to report at.
    fn not_a_call(&mut self, found: &Expr) -> (Page, TokenStream, String) {
        match strip(found) {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                let name = crate::text::of(path);
                self.flow.settled.push(name.clone());
                (
                    page::NOT_A_STEP,
                    path.to_token_stream(),
                    format!(
                        "`{name}` is awaited apart from its call: await the step where it is called, as in `step(…).await`; to run several concurrently, use `try_join!`"
                    ),
                )
            }
            Expr::MethodCall(method) => {
                let name = &method.method;
                let (page, message) = if is_call_of_a_name(&method.receiver) {
                    (
                        page::CALL_OPTION,
                        format!(
                            "unknown call option `.{name}(…)`: expected `.model(…)`, `.timeout(…)` or `.id(…)`; anything else that is awaited here must be a step"
                        ),
                    )
                } else {
                    (
                        page::NOT_A_STEP,
                        format!(
                            "method `.{name}(…)` is not a step, so a workflow cannot await it: call it in a code step"
                        ),
                    )
                };
                (page, name.to_token_stream(), message)
            }
            Expr::Macro(join) if dropped::is_join(join) => {
                let name = crate::text::of(&join.mac.path);
                let message = format!("`{name}!` already awaits its branches: remove `.await`");
                (page::NOT_A_STEP, join.to_token_stream(), message)
            }
            other => (
                page::NOT_A_STEP,
                other.to_token_stream(),
                "a workflow can only await calls of steps, workflows and `map`, as in `step(…).await`".to_owned(),
            ),
        }
    }
}

/// `f(x)`, or `f(x).option(y)`.
fn is_call_of_a_name(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Call(call) => matches!(strip(&call.func), Expr::Path(_)),
        Expr::MethodCall(method) => is_call_of_a_name(&method.receiver),
        _ => false,
    }
}

/// Splits a call from its options, in the order written.
fn peel(mut expr: Expr) -> (Expr, Vec<ExprMethodCall>) {
    let mut options = Vec::new();
    while let Expr::MethodCall(call) = expr {
        let known =
            matches!(call.method.to_string().as_str(), "model" | "id" | "timeout" | "concurrency" | "bound" | "settle");
        if !known {
            return (Expr::MethodCall(call), options);
        }
        expr = strip(&call.receiver).clone();
        options.insert(0, call);
    }
    (expr, options)
}

fn ends_in_a_closure(call: &syn::ExprCall) -> bool {
    matches!(call.args.last(), Some(Expr::Closure(_)))
}
