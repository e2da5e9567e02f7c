//! Methods that turn a step's error into a value, such as `.unwrap_or(0)`.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Lit, Pat};

use super::arms::{Handled, Tail};
use super::expr::strip;
use super::reader::Reader;
use super::{dropped, ending};
use crate::model::{Ending, JoinForm, Origin};

/// Methods whose result is no longer a `Result`: the error is discarded or reduced to a value.
const ABSORBS: &[&str] = &[
    "err",
    "into_iter",
    "is_err",
    "is_err_and",
    "is_ok",
    "is_ok_and",
    "iter",
    "map_or",
    "map_or_else",
    "ok",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
];

/// Methods that may replace an error with another `Result`.
const REPLACES: &[&str] = &["or", "or_else"];

impl Reader {
    /// Reads a part of an expression whose value has this role in the function.
    pub(super) fn making<T>(&mut self, part_of: Tail, read: impl FnOnce(&mut Self) -> T) -> T {
        let around = std::mem::replace(&mut self.ways.part_of, part_of);
        let value = read(self);
        self.ways.part_of = around;
        value
    }

    /// Reads an expression that is not part of the function's result.
    pub(super) fn apart<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.making(Tail::No, read)
    }

    /// Reads the receiver of a method. If several methods handle the same error, the last one counts.
    pub(super) fn receiver(&mut self, call: &mut ExprMethodCall) -> Origin {
        let absorbs = self.ways.part_of != Tail::No && self.absorbs(call);
        let part_of = if absorbs { Tail::No } else { self.ways.part_of };
        let value = self.making(part_of, |reader| reader.expr(&mut call.receiver));
        if absorbs {
            let handled = self.absorbed(call);
            self.handling(Some(handled), Self::ends_well);
        }
        value
    }

    /// Whether a method handles the error of a step and its value is part of the function's result.
    fn absorbs(&self, call: &ExprMethodCall) -> bool {
        let replaces = match self.ways.part_of {
            Tail::InOk => is_one_of(call, ABSORBS) || is_one_of(call, REPLACES),
            Tail::Result => is_one_of(call, REPLACES) || is_one_of(call, ABSORBS) && gives_a_result(call),
            Tail::No => false,
        };
        replaces && !gives_an_error(call) && self.is_untried(&call.receiver)
    }

    fn absorbed(&self, call: &ExprMethodCall) -> Handled {
        let failed = self.result_of_calls(&self.made_before(&call.receiver));
        Handled { at: call.method.to_token_stream(), failed, is_certain: false }
    }

    /// What a condition handles before the branch: it is unknown which arm an error takes.
    pub(super) fn absorbed_in(&self, condition: &Expr) -> Option<Handled> {
        let mut search = Search { reader: self, found: None };
        search.visit_expr(condition);
        search.found
    }

    /// What is handled if a condition that maps errors to a boolean, such as `paid.unwrap_or(false)`, holds or does not hold.
    pub(super) fn worded(&self, condition: &Expr, holds: bool) -> Option<Handled> {
        match strip(condition) {
            Expr::Unary(not) if matches!(not.op, syn::UnOp::Not(_)) => self.worded(&not.expr, !holds),
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => {
                self.worded(&both.left, holds).or_else(|| self.worded(&both.right, holds))
            }
            Expr::MethodCall(call) => {
                let word = word(call).filter(|_| self.is_untried(&call.receiver))?;
                (word == holds).then(|| Handled { is_certain: true, ..self.absorbed(call) })
            }
            _ => None,
        }
    }

    /// Whether an expression that was read yields the `Result` of a step, including its error.
    pub(super) fn is_untried(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Await(_) => true,
            Expr::Path(path) => path.path.get_ident().is_some_and(|name| {
                let name = name.to_string();
                ["__flow_node_", "__flow_map_"].iter().any(|call| name.starts_with(call)) || self.scope.is_result(&name)
            }),
            Expr::Reference(inner) => self.is_untried(&inner.expr),
            Expr::MethodCall(call) => {
                (dropped::is_still_a_result(call) || is_one_of(call, &["ok", "err"])) && self.is_untried(&call.receiver)
            }
            _ => false,
        }
    }

    /// Marks the variables that hold `Result`s of steps.
    pub(super) fn bind_results(&mut self, pat: &Pat, value: &Expr) {
        match pat {
            Pat::Ident(name) if self.is_untried(value) => self.scope.declare_result(&name.ident.to_string()),
            Pat::Type(typed) => self.bind_results(&typed.pat, value),
            Pat::Tuple(names) if self.is_join(value) => {
                for name in &names.elems {
                    if let Pat::Ident(name) = name {
                        self.scope.declare_result(&name.ident.to_string());
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a value that was read is the output of a `join!`: a tuple of `Result`s.
    fn is_join(&self, value: &Expr) -> bool {
        let Expr::Path(path) = strip(value) else { return false };
        let name = path.path.get_ident().map_or(String::new(), ToString::to_string);
        let index = name.strip_prefix("__flow_join_").and_then(|index| index.parse::<usize>().ok());
        index.and_then(|index| self.flow.joins.get(index)).is_some_and(|join| join.form == JoinForm::Join)
    }
}

/// Finds the outermost method that handles an error.
struct Search<'r> {
    reader: &'r Reader,
    found: Option<Handled>,
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if self.found.is_none() && is_one_of(call, ABSORBS) && self.reader.is_untried(&call.receiver) {
            self.found = Some(self.reader.absorbed(call));
        }
        visit::visit_expr_method_call(self, call);
    }

    // Errors inside `?` and closures are not handled by the condition itself.
    fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {}

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
}

/// The boolean that a condition maps an error to.
fn word(call: &ExprMethodCall) -> Option<bool> {
    match call.method.to_string().as_str() {
        "unwrap_or_default" => Some(false),
        "unwrap_or" | "map_or" => match strip(call.args.first()?) {
            Expr::Lit(syn::ExprLit { lit: Lit::Bool(word), .. }) => Some(word.value),
            _ => None,
        },
        _ => None,
    }
}

fn is_one_of(call: &ExprMethodCall, names: &[&str]) -> bool {
    names.iter().any(|name| call.method == name)
}

/// `.map_or(Ok(0), …)`
fn gives_a_result(call: &ExprMethodCall) -> bool {
    call.args.first().is_some_and(|given| ending::ending(made(given)) == Ending::Ok)
}

/// `.or_else(|error| Err(…))`
fn gives_an_error(call: &ExprMethodCall) -> bool {
    call.args.first().is_some_and(|given| ending::ending(made(given)) == Ending::Error)
}

/// The body of a closure, or the expression itself.
fn made(given: &Expr) -> &Expr {
    match strip(given) {
        Expr::Closure(closure) => &closure.body,
        other => other,
    }
}
