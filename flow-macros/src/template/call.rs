//! Functions and macros. A macro is walked at each call, so that reads through its parameters are traced to the arguments.

use std::ops::Range;

use flow_base::near::did_you_mean;

use super::analysis::How;
use super::names::{FUNCTIONS, LOOP, ROLES};
use super::place::Place;
use super::scope::{Local, MacroDef};
use super::syntax::tree::{Arg, Call, CallBlock, Expr, Kind, Macro, Parameter};
use super::walk::Walker;

/// The maximum number of macro calls followed in one template.
const CALLS: usize = 500;

/// The values a call passes, by parameter name.
type Given<'a> = Vec<(&'a str, Vec<Place>)>;

impl<'a> Walker<'a> {
    /// Handles `{{ role("user") }}`; returns `false` for any other expression.
    pub(super) fn role(&mut self, expr: &'a Expr<'a>) -> bool {
        let Kind::Call(call) = &expr.kind else { return false };
        if call.of.name() != Some("role") || self.is_own("role") {
            return false;
        }
        let range = expr.range();
        if self.captured {
            self.error(range, "a message cannot begin inside `set` or `filter`, which capture their text");
            return true;
        }
        match call.args.as_slice() {
            [Arg::Value(name)] if name.text().is_some_and(|name| ROLES.contains(&name)) => {}
            [Arg::Value(name)] if name.text().is_some() => {
                let hint = did_you_mean(name.text().unwrap_or_default(), ROLES.iter().copied());
                self.error(name.range(), format!("unknown role: expected `system`, `user` or `assistant`{hint}"));
            }
            _ => self.error(range, "`role` takes a string literal: \"system\", \"user\" or \"assistant\""),
        }
        true
    }

    /// Whether the name is an argument or is declared in the template.
    fn is_own(&self, name: &str) -> bool {
        self.argument(name).is_some() || self.scopes.get(name).is_some()
    }

    pub(super) fn call(&mut self, call: &'a Call<'a>, whole: Range<usize>) -> Vec<Place> {
        match &call.of.kind {
            Kind::Var(name) if self.is_own(name) => self.call_own(name, call, whole),
            Kind::Var(name) => self.call_function(name, call, whole),
            Kind::Attribute(of, name) => self.call_method(of, name, call, whole),
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
            Some(Local::Loop) => self.error(whole, "`loop(…)` requires a `recursive` loop, which cannot be checked"),
            Some(Local::Value(_)) if name == "caller" => self.arguments_read(&call.args, &How::Print),
            _ => {
                let hint = if name == "role" { ": it shadows the function of the same name" } else { "" };
                self.error(whole, format!("`{name}` is a value and cannot be called{hint}"));
            }
        }
    }

    fn call_function(&mut self, name: &'a str, call: &'a Call<'a>, whole: Range<usize>) {
        let how = if name == "range" { How::Input("-".to_owned()) } else { How::Print };
        self.arguments_read(&call.args, &how);
        if name == "role" {
            self.error(whole, "`role(…)` must be used on its own, as in `{{ role(\"user\") }}`");
        } else if !FUNCTIONS.contains(&name) {
            let hint = did_you_mean(name, FUNCTIONS.iter().copied());
            self.error(call.of.range(), format!("unknown function `{name}`{hint}"));
        }
    }

    fn call_method(&mut self, of: &'a Expr<'a>, name: &'a str, call: &'a Call<'a>, whole: Range<usize>) {
        self.arguments_read(&call.args, &How::Print);
        let is_loop = of.name().is_some_and(|name| matches!(self.scopes.get(name), Some(Local::Loop)));
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
        self.scopes.push();
        for parameter in &declared.parameters {
            self.read_each(&parameter.default, &How::Test);
            self.bind_parameter(parameter, Vec::new());
        }
        self.scopes.pop();
        // Expanded once without a call, so that unused macros are checked too.
        let given = declared.parameters.iter().map(|parameter| (parameter.name, Vec::new())).collect();
        self.expand(number, given, true);
    }

    pub(super) fn call_block(&mut self, it: &'a CallBlock<'a>) {
        let range = it.call.range();
        let Kind::Call(call) = &it.call.kind else { return };
        match call.of.name().and_then(|name| self.scopes.get(name)) {
            Some(Local::Macro(number)) => {
                let number = *number;
                self.call_macro(number, call, range, true);
            }
            _ => self.error(range, "`call` requires a macro of this template"),
        }
        self.scopes.push();
        for parameter in &it.parameters {
            self.bind_parameter(parameter, Vec::new());
        }
        self.statements(&it.body);
        self.scopes.pop();
    }

    fn call_macro(&mut self, number: usize, call: &'a Call<'a>, whole: Range<usize>, block: bool) {
        let Some(given) = self.given(number, call, &whole) else { return };
        self.calls += 1;
        let name = self.macros[number].declared.name;
        if self.active.contains(&number) {
            self.error(whole, format!("macro `{name}` calls itself, which cannot be checked; use a `for` loop"));
        } else if self.calls > CALLS {
            self.error(whole, format!("more than {CALLS} macro calls in one template cannot be checked"));
        } else {
            self.expand(number, given, block);
        }
    }

    /// Matches the arguments of a call to the macro's parameters, or reports an error.
    fn given(&mut self, number: usize, call: &'a Call<'a>, whole: &Range<usize>) -> Option<Given<'a>> {
        let declared = self.macros[number].declared;
        let names: Vec<_> = declared.parameters.iter().map(|parameter| parameter.name).collect();
        let mut given: Given<'a> = Vec::new();
        for (i, argument) in call.args.iter().enumerate() {
            let value = argument.value();
            let places = self.read(value, &How::Test);
            let places = self.as_known_here(places);
            match argument {
                Arg::Value(_) if i < names.len() => given.push((names[i], places)),
                Arg::Named(name, _) if names.contains(name) => given.push((name, places)),
                Arg::Named(name, _) => {
                    let hint = did_you_mean(name, names.iter().copied());
                    self.error(value.range(), format!("macro `{}` has no parameter `{name}`{hint}", declared.name));
                    return None;
                }
                _ => {
                    let message =
                        format!("macro `{}` takes up to {} arguments, without `*` or `**`", declared.name, names.len());
                    self.error(value.range(), message);
                    return None;
                }
            }
        }
        let is_given = |parameter: &Parameter<'_>| given.iter().any(|(name, _)| *name == parameter.name);
        let is_missing = |parameter: &&Parameter<'_>| parameter.default.is_none() && !is_given(parameter);
        if let Some(missing) = declared.parameters.iter().find(is_missing) {
            self.error(whole.clone(), format!("macro `{}` requires argument `{}`", declared.name, missing.name));
            return None;
        }
        Some(given)
    }

    /// Walks the body of a macro with its parameters bound to these values.
    fn expand(&mut self, number: usize, given: Given<'a>, block: bool) {
        let declared = self.macros[number].declared;
        let scopes = self.macros[number].scopes.clone();
        let outer = std::mem::replace(&mut self.scopes, scopes);
        self.active.push(number);
        self.scopes.push();
        if block {
            self.scopes.set("caller", Local::Value(Vec::new()));
        }
        for parameter in &declared.parameters {
            let value = given.iter().find(|(name, _)| *name == parameter.name);
            let places = match value {
                Some((_, places)) => places.clone(),
                None => parameter.default.as_ref().map(|default| self.eval(default)).unwrap_or_default(),
            };
            self.bind_parameter(parameter, places);
        }
        self.statements(&declared.body);
        self.active.pop();
        self.scopes = outer;
    }

    fn bind_parameter(&mut self, parameter: &'a Parameter<'a>, places: Vec<Place>) {
        self.bindings += 1;
        self.scopes.set(parameter.name, Local::Value(places));
    }
}
