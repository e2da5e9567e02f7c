//! The operand of `.await`: the call of a step or a workflow, or a `map`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Ident, LitStr};

use super::expr::{root, strip};
use super::reader::{Reader, placeholder};
use super::{by_name, dropped};
use crate::model::{CallOption, Hiding, Node, NotAStep, Op, Origin, Passed, What, Wrapper};

/// Functions that wrap a future, which the graph would mistake for the step.
const WRAPPERS: &[(&[&str], Wrapper)] = &[
    (&["pin", "boxed", "from_future"], Wrapper::Box),
    (&["timeout"], Wrapper::Timeout),
    (&["spawn", "spawn_local"], Wrapper::Spawn),
];

impl Reader {
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

    /// Replaces a call with a placeholder, also if it cannot run here. If it is `tried`, its error ends the enclosing function.
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
            // Its value is refused and has no type.
            Expr::Path(path)
                if path.path.get_ident().is_some_and(|name| self.refused.iter().any(|known| name == known)) =>
            {
                *call = Expr::Path(path);
                Origin::Nothing
            }
            other => {
                let (what, at) = self.not_a_call(&other);
                self.replaced(call, what, at)
            }
        }
    }

    fn step(&mut self, place: &mut Expr, call: syn::ExprCall, options: Vec<ExprMethodCall>, end: Span) -> Origin {
        let path = match strip(&call.func) {
            Expr::Path(path) => path.path.clone(),
            other => {
                let (what, at) = self.not_a_call(other);
                return self.replaced(place, what, at);
            }
        };
        // Its value is refused and has no type.
        if path.get_ident().is_some_and(|name| self.refused.iter().any(|known| name == known)) {
            *place = syn::parse_quote!(#path);
            return Origin::Nothing;
        }
        if let Some(what) = self.not_a_step(&path) {
            return self.replaced(place, what, path);
        }
        let first = self.findings.len();
        let arguments: Vec<_> = call.args.into_iter().map(|value| self.argument(value)).collect();
        let findings = first..self.findings.len();
        let (name, options) = self.call_options(options);
        let id = name.as_ref().map_or_else(|| crate::model::last_name(&path), LitStr::value);
        let ordinal = self.ordinal(&id);
        let (index, span) = (self.flow.nodes.len(), path.span());
        let (beside, races) = (self.beside, self.races);
        self.flow.nodes.push(Node { path, arguments, options, name, ordinal, end, beside, races, findings });
        self.flow.structure.push(Op::Step(index));
        self.met(index);
        let name = placeholder("node", index, span);
        *place = syn::parse_quote!(#name);
        Origin::node(index)
    }

    /// Functions that are recognizably no step by name: inner functions, variables and wrappers of futures.
    fn not_a_step(&mut self, path: &syn::Path) -> Option<What> {
        let name = path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        if path.get_ident().is_some() && self.inside.contains(&name) {
            self.awaited_inside.push(name.clone());
            return Some(What::NotAStep(NotAStep::Inside(name)));
        }
        if path.get_ident().is_some_and(|ident| self.scope.contains(&ident.to_string())) {
            return Some(What::NotAStep(NotAStep::Variable(name)));
        }
        let (_, wrapper) = WRAPPERS.iter().find(|(names, _)| names.contains(&name.as_str()))?;
        let wraps = path.segments.len() > 1;
        wraps.then(|| What::Hidden(Hiding::Wrapper(crate::text::of(path), *wrapper)))
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
            let method = call.method.to_string();
            let Some(argument) = call.args.first().filter(|_| call.args.len() == 1) else {
                self.found(What::CallOption(CallOption::NotOneValue(method)), &call.method);
                continue;
            };
            match (method.as_str(), argument) {
                ("id", Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                    name = self.valid(crate::parse::id::id(text.clone()), text);
                }
                ("id", other) => self.found(What::CallOption(CallOption::IdNotLiteral), other),
                ("timeout", Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                    if self.valid(crate::parse::duration::millis(text), text).is_some() {
                        options.push((call.method, argument.clone()));
                    }
                }
                ("model" | "timeout", _) => options.push((call.method, argument.clone())),
                _ => self.found(What::CallOption(CallOption::OfMap(method)), &call.method),
            }
        }
        (name, options)
    }

    /// The value of an option, or the reason why it has none.
    fn valid<T>(&mut self, value: syn::Result<T>, at: &LitStr) -> Option<T> {
        value.map_err(|error| self.found(What::CallOption(CallOption::Invalid(error.to_string())), at)).ok()
    }

    /// What is awaited in the place of a step call, and the tokens to report at.
    fn not_a_call(&mut self, found: &Expr) -> (What, TokenStream) {
        match strip(found) {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                let name = crate::text::of(path);
                self.flow.settled.push(name.clone());
                (What::NotAStep(NotAStep::Apart(name)), path.to_token_stream())
            }
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                let what = if is_call_of_a_name(&call.receiver) {
                    What::CallOption(CallOption::Unknown(name))
                } else {
                    What::NotAStep(NotAStep::Method(name))
                };
                (what, call.method.to_token_stream())
            }
            Expr::Macro(join) if dropped::is_join(join) => {
                let name = crate::text::of(&join.mac.path);
                (What::NotAStep(NotAStep::Join(name)), join.to_token_stream())
            }
            other => (What::NotAStep(NotAStep::Other), other.to_token_stream()),
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
