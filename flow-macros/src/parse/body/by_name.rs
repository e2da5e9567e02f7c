//! Functions passed by name, whose steps would be missing from the graph.

use syn::{Expr, ExprCall, ExprPath};

use super::expr::{root, strip};
use super::reader::Reader;
use crate::model::{ByName, MapForm, Origin, What};
use crate::text;

impl Reader {
    /// Replaces `map(items, function)`. `None` for any other call: a step may be named `map` too.
    pub(super) fn map_by_name(&mut self, place: &mut Expr, call: &ExprCall) -> Option<Origin> {
        let [items, body] = [call.args.get(0)?, call.args.get(1)?];
        let Expr::Path(given) = handed(body) else { return None };
        if !is_map(&call.func) || call.args.len() != 2 {
            return None;
        }
        if given.path.get_ident().is_some_and(|name| self.refused.iter().any(|known| name == known)) {
            // The variable holds a closure that is refused and has no type.
            *place = Expr::Path(given.clone());
            return Some(Origin::Nothing);
        }
        let function = self.function_named(given)?;
        let (over, item) = (text::of(items), one_of(items));
        let argument = if is_lent(items) { item.clone() } else { format!("&{item}") };
        let written = ByName { over, function, item, argument };
        Some(self.replaced(place, What::Map(MapForm::ByName(Box::new(written))), body))
    }

    /// The function that a path names, directly or through a variable. `None` for other variables, constants and types.
    fn function_named(&self, path: &ExprPath) -> Option<String> {
        match path.path.get_ident().map(ToString::to_string) {
            Some(name) if self.scope.contains(&name) => self.functions.get(&name).cloned(),
            _ => names_a_function(path).then(|| text::of(path)),
        }
    }

    /// Records a variable that holds a function or a refused closure.
    pub(super) fn holds_function(&mut self, name: &syn::Ident, value: &Expr) {
        let name = name.to_string();
        match strip(value) {
            Expr::Closure(closure) if super::hidden::is_hidden(closure) => self.refused.push(name),
            Expr::Closure(_) => drop(self.functions.insert(name.clone(), name)),
            Expr::Path(path) => drop(self.function_named(path).map(|function| self.functions.insert(name, function))),
            _ => drop(self.functions.remove(&name)),
        }
    }
}

/// Whether a function is `map`.
pub(super) fn is_map(function: &Expr) -> bool {
    matches!(strip(function), Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "map"))
}

/// Whether the call is a `map` with an async closure.
pub(super) fn is_unawaited_map(call: &ExprCall) -> bool {
    let is_body = |body: &Expr| matches!(body, Expr::Closure(closure) if closure.asyncness.is_some());
    is_map(&call.func) && call.args.last().is_some_and(is_body)
}

/// The expression without references: `f` in `&f`.
fn handed(expr: &Expr) -> &Expr {
    match strip(expr) {
        Expr::Reference(reference) => handed(&reference.expr),
        other => other,
    }
}

fn names_a_function(path: &ExprPath) -> bool {
    let last = path.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    path.qself.is_none() && !last.starts_with(char::is_uppercase)
}

/// A name for one of several items: `text` for `texts`, `entry` for `ledger.entries`.
fn one_of(items: &Expr) -> String {
    let name = match strip(items) {
        Expr::Field(syn::ExprField { member: syn::Member::Named(name), .. }) => Some(name.to_string()),
        Expr::Reference(reference) => return one_of(&reference.expr),
        Expr::MethodCall(call) => return one_of(&call.receiver),
        other => root(other),
    };
    singular(&name.unwrap_or_default()).unwrap_or_else(|| "item".to_owned())
}

/// Whether the items are references.
fn is_lent(items: &Expr) -> bool {
    match strip(items) {
        Expr::Reference(_) => true,
        Expr::MethodCall(call) => call.method == "iter",
        _ => false,
    }
}

fn singular(plural: &str) -> Option<String> {
    const ENDS: &[(&str, &str)] =
        &[("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")];
    let (start, end) = ENDS.iter().find_map(|(many, one)| Some((plural.strip_suffix(many)?, one)))?;
    let is_one = plural.ends_with("ss") || start.is_empty() || start.contains('#');
    (!is_one).then(|| format!("{start}{end}"))
}

#[cfg(test)]
mod tests {
    use super::one_of;

    #[test]
    fn items_have_a_name_for_one_of_them() {
        let named =
            ["texts", "&texts", "ledger.entries", "boxes.clone()", "classes", "process", "load(x)", "s", "data"];
        let names = named.map(|items| one_of(&syn::parse_str(items).expect("an expression")));
        assert_eq!(names, ["text", "text", "entry", "box", "class", "item", "item", "item", "item"]);
    }
}
