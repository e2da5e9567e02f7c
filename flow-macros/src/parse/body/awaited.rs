//! What stands before `.await`: the call of a step or a workflow, or a `map`.

use syn::{Expr, ExprMethodCall, Ident, LitStr};

use super::value::strip;
use super::{Reader, placeholder};
use crate::model::{Node, Op, Origin, Passed};

/// Functions that wrap a future, so that the graph would take the wrapper for the step.
const WRAPPERS: &[&str] = &["pin", "boxed", "timeout", "spawn", "spawn_local", "from_future"];

impl Reader<'_> {
    /// `base.await`, replaced by a placeholder.
    pub(super) fn awaited(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Await(awaited) = expr else { return Origin::Lost };
        let mut base = (*awaited.base).clone();
        let value = self.call(&mut base);
        if matches!(&base, Expr::Path(path) if path.path.get_ident().is_some_and(|name| name.to_string().starts_with("__flow_")))
        {
            *expr = base;
        }
        value
    }

    /// A call that runs at this place, replaced by a placeholder.
    pub(super) fn call(&mut self, call: &mut Expr) -> Origin {
        let (inner, options) = peel(strip(call).clone());
        match inner {
            Expr::Call(inner) if is_map(&inner) => {
                let (value, index) = self.map(inner, options);
                *call = syn::parse_quote!(#index);
                value
            }
            Expr::Call(inner) => match self.step(inner, options) {
                Some(index) => {
                    let name = placeholder("node", index);
                    *call = syn::parse_quote!(#name);
                    Origin::node(index)
                }
                None => Origin::Lost,
            },
            other => {
                self.not_a_call(&other);
                Origin::Lost
            }
        }
    }

    fn step(&mut self, call: syn::ExprCall, options: Vec<ExprMethodCall>) -> Option<usize> {
        let Expr::Path(path) = strip(&call.func) else {
            self.not_a_call(&call.func);
            return None;
        };
        let path = path.path.clone();
        let name = path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        if path.get_ident().is_some_and(|ident| self.scope.contains(&ident.to_string())) {
            self.errors.at(&path, format!("`{name}` is a local variable here, not a step: rename the variable"));
            return None;
        }
        if WRAPPERS.contains(&name.as_str()) && path.segments.len() > 1 {
            self.errors.at(
                &path,
                format!("`{name}` hides the step in it from the graph: await the step itself; a limit of time is `.timeout(\"30s\")` at the call"),
            );
            return None;
        }
        let arguments: Vec<_> = call.args.into_iter().map(|value| self.argument(value)).collect();
        let (name, options) = self.call_options(options);
        let id = name
            .as_ref()
            .map_or_else(|| path.segments.last().map(|last| last.ident.to_string()), |name| Some(name.value()));
        let ordinal = self.ordinal(&id.unwrap_or_default());
        let index = self.flow.nodes.len();
        self.flow.nodes.push(Node { path, arguments, options, name, ordinal });
        self.flow.structure.push(Op::Step(index));
        Some(index)
    }

    fn argument(&mut self, mut value: Expr) -> Passed {
        let origin = self.expr(&mut value);
        Passed { value, origin }
    }

    /// `.id("…")` names the place; the others are kept as they are.
    fn call_options(&mut self, calls: Vec<ExprMethodCall>) -> (Option<LitStr>, Vec<(Ident, Expr)>) {
        let (mut name, mut options) = (None, Vec::new());
        for call in calls {
            let Some(argument) = call.args.first().filter(|_| call.args.len() == 1) else {
                self.errors.at(&call.method, format!("`.{}(…)` takes one value", call.method));
                continue;
            };
            match (call.method.to_string().as_str(), argument) {
                ("id", Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => name = Some(text.clone()),
                ("id", other) => self.errors.at(other, "the place of a call is named by a literal: `.id(\"…\")`"),
                ("timeout", Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                    if self.errors.take(crate::parse::duration::millis(text)).is_some() {
                        options.push((call.method, argument.clone()));
                    }
                }
                ("model" | "timeout", _) => options.push((call.method, argument.clone())),
                (other, _) => self.errors.at(
                    &call.method,
                    format!("`.{other}(…)` belongs to a `map`; the call of a step has `.model(…)`, `.timeout(…)` and `.id(…)`"),
                ),
            }
        }
        (name, options)
    }

    fn not_a_call(&mut self, found: &Expr) {
        self.errors.at(
            found,
            "only a step, a workflow or a `map` is awaited here, as the call itself: write `step(arguments).await`, or use `try_join!` to run several at once",
        );
    }
}

/// The call under its options, and the options in the order written.
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

fn is_map(call: &syn::ExprCall) -> bool {
    let Expr::Path(path) = strip(&call.func) else { return false };
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident == "map") && matches!(call.args.last(), Some(Expr::Closure(_)))
}
