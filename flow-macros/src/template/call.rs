//! Functions and macros. A macro is walked at each of its calls, so that what it reads is followed into its parameters.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{Call, CallArg, CallBlock, Expr, Macro};

use super::How;
use super::error::did_you_mean;
use super::expression::range;
use super::filter::{argument_value, constant};
use super::names::{FUNCTIONS, LOOP, ROLES};
use super::place::Place;
use super::scope::{Local, Scopes};
use super::walk::Walker;

/// Calls of macros followed in one template.
const CALLS: usize = 500;

/// A macro, and the names it saw where it was written.
pub(super) struct MacroDef<'a> {
    declared: &'a Macro<'a>,
    scopes: Scopes<'a>,
}

/// What a call gives to the parameters.
type Given<'a> = Vec<(&'a str, Vec<Place>)>;

impl<'a> Walker<'a> {
    /// `role("user")` as a whole `{{ … }}`; `false` if this is something else.
    pub(super) fn role(&mut self, expr: &'a Expr<'a>) -> bool {
        let Expr::Call(call) = expr else { return false };
        if !matches!(&call.expr, Expr::Var(var) if var.id == "role") || self.is_own("role") {
            return false;
        }
        let range = range(expr);
        if self.captured {
            self.error(range, "a message cannot begin inside `set` or `filter`, which keep their text");
            return true;
        }
        match call.args.as_slice() {
            [CallArg::Pos(Expr::Const(name))] if name.value.as_str().is_some_and(|name| ROLES.contains(&name)) => {}
            [CallArg::Pos(name)] if constant(name).is_some() => {
                let hint = did_you_mean(constant(name).unwrap_or_default(), ROLES.iter().copied());
                self.error(super::expression::range(name), format!("a role is `system`, `user` or `assistant`{hint}"));
            }
            _ => self.error(range, "`role` takes one of \"system\", \"user\", \"assistant\", written out"),
        }
        true
    }

    /// The name is an argument or one of the template's own.
    fn is_own(&self, name: &str) -> bool {
        self.argument(name).is_some() || self.scopes.get(name).is_some()
    }

    pub(super) fn call(&mut self, call: &'a Call<'a>, span: Span) -> Vec<Place> {
        let whole = range(&call.expr).start..span.end_offset as usize;
        match &call.expr {
            Expr::Var(var) if self.is_own(var.id) => self.call_own(var.id, call, whole),
            Expr::Var(var) => self.call_function(var.id, call, whole),
            Expr::GetAttr(it) => self.call_method(&it.expr, it.name, call, whole),
            _ => self.error(whole, "only functions and macros can be called"),
        }
        Vec::new()
    }

    fn call_own(&mut self, name: &'a str, call: &'a Call<'a>, whole: Range<usize>) {
        match self.scopes.get(name) {
            Some(Local::Macro(number)) => {
                let number = *number;
                self.call_macro(number, call, whole, false);
            }
            Some(Local::Loop) => self.error(whole, "`loop(…)` repeats a `recursive` loop, which cannot be checked"),
            Some(Local::Value(_)) if name == "caller" => self.arguments_read(&call.args, &How::Print),
            _ => {
                let hint = if name == "role" { ": it hides the function of that name" } else { "" };
                self.error(whole, format!("`{name}` is a value and cannot be called{hint}"));
            }
        }
    }

    fn call_function(&mut self, name: &'a str, call: &'a Call<'a>, whole: Range<usize>) {
        let how = if name == "range" { How::Input("-".to_owned()) } else { How::Print };
        self.arguments_read(&call.args, &how);
        if name == "role" {
            self.error(whole, "`role(…)` stands by itself, as `{{ role(\"user\") }}`");
        } else if !FUNCTIONS.contains(&name) {
            let hint = did_you_mean(name, FUNCTIONS.iter().copied());
            self.error(range(&call.expr), format!("there is no function `{name}`{hint}"));
        }
    }

    fn call_method(&mut self, of: &'a Expr<'a>, name: &'a str, call: &'a Call<'a>, whole: Range<usize>) {
        self.arguments_read(&call.args, &How::Print);
        let is_loop = matches!(of, Expr::Var(var) if matches!(self.scopes.get(var.id), Some(Local::Loop)));
        if is_loop && LOOP.contains(&name) {
            return;
        }
        self.read(of, &How::Test);
        let filter = if super::names::FILTERS.contains(&name) { format!("; write `|{name}`") } else { String::new() };
        self.error(whole, format!("values have no method `{name}`{filter}"));
    }

    pub(super) fn define_macro(&mut self, declared: &'a Macro<'a>) {
        let number = self.macros.len();
        self.bindings += 1;
        self.scopes.set(declared.name, Local::Macro(number));
        self.macros.push(MacroDef { declared, scopes: self.scopes.clone() });
        // Once on its own, so that a macro nobody calls is read too.
        let given = declared.args.iter().filter_map(parameter).map(|name| (name, Vec::new())).collect();
        self.expand(number, given, true);
    }

    pub(super) fn call_block(&mut self, it: &'a CallBlock<'a>) {
        let range = it.call_expr_span.start_offset as usize..it.call_expr_span.end_offset as usize;
        match &it.call.expr {
            Expr::Var(var) if matches!(self.scopes.get(var.id), Some(Local::Macro(_))) => {
                if let Some(Local::Macro(number)) = self.scopes.get(var.id).cloned() {
                    self.call_macro(number, &it.call, range, true);
                }
            }
            _ => self.error(range, "`call` takes a macro of this template"),
        }
        self.scopes.push();
        it.macro_decl.args.iter().for_each(|parameter| self.bind(parameter, Vec::new()));
        self.statements(&it.macro_decl.body);
        self.scopes.pop();
    }

    fn call_macro(&mut self, number: usize, call: &'a Call<'a>, whole: Range<usize>, block: bool) {
        let Some(given) = self.given(number, call, &whole) else { return };
        self.calls += 1;
        let name = self.macros[number].declared.name;
        if self.active.contains(&number) {
            self.error(whole, format!("the macro `{name}` calls itself, which cannot be checked; use a `for`"));
        } else if self.calls > CALLS {
            self.error(whole, format!("more than {CALLS} calls of macros in one template cannot be checked"));
        } else {
            self.expand(number, given, block);
        }
    }

    /// The values of the parameters, or an error.
    fn given(&mut self, number: usize, call: &'a Call<'a>, whole: &Range<usize>) -> Option<Given<'a>> {
        let declared = self.macros[number].declared;
        let names: Vec<_> = declared.args.iter().filter_map(parameter).collect();
        let mut given: Given<'a> = Vec::new();
        for (i, argument) in call.args.iter().enumerate() {
            let value = argument_value(argument);
            let places = self.read(value, &How::Test);
            let places = self.as_known_here(places);
            match argument {
                CallArg::Pos(_) if i < names.len() => given.push((names[i], places)),
                CallArg::Kwarg(name, _) if names.contains(name) => given.push((name, places)),
                CallArg::Kwarg(name, _) => {
                    let hint = did_you_mean(name, names.iter().copied());
                    self.error(range(value), format!("the macro `{}` takes no `{name}`{hint}", declared.name));
                    return None;
                }
                _ => {
                    let message = format!("the macro `{}` takes {} arguments, written out", declared.name, names.len());
                    self.error(range(value), message);
                    return None;
                }
            }
        }
        let optional = names.len() - declared.defaults.len();
        let missing = names[..optional].iter().find(|name| !given.iter().any(|(given, _)| given == *name));
        if let Some(missing) = missing {
            self.error(whole.clone(), format!("the macro `{}` needs `{missing}`", declared.name));
            return None;
        }
        Some(given)
    }

    /// Walks the body of a macro with these values in its parameters.
    fn expand(&mut self, number: usize, given: Given<'a>, block: bool) {
        let declared = self.macros[number].declared;
        let scopes = self.macros[number].scopes.clone();
        let outer = std::mem::replace(&mut self.scopes, scopes);
        self.active.push(number);
        self.scopes.push();
        if block {
            self.scopes.set("caller", Local::Value(Vec::new()));
        }
        let first_default = declared.args.len() - declared.defaults.len();
        for (i, target) in declared.args.iter().enumerate() {
            let value = given.iter().find(|(name, _)| Some(*name) == parameter(target));
            let places = match value {
                Some((_, places)) => places.clone(),
                None => {
                    declared.defaults.get(i.wrapping_sub(first_default)).map(|it| self.eval(it)).unwrap_or_default()
                }
            };
            self.bind(target, places);
        }
        self.statements(&declared.body);
        self.active.pop();
        self.scopes = outer;
    }
}

fn parameter<'a>(target: &'a Expr<'a>) -> Option<&'a str> {
    match target {
        Expr::Var(var) => Some(var.id),
        _ => None,
    }
}
