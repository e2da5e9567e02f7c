//! The placeholders that parsing left in the body.

use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, parse_quote};

use crate::model::{CheckedWorkflow, Flow, Join, Node, Refusals};
use crate::text;

/// The kind of the placeholders of refused expressions.
pub(super) const FINDING: &str = "finding";

/// The kind and the index of a placeholder.
pub(super) fn placeholder(expr: &Expr) -> Option<(&'static str, usize)> {
    let Expr::Path(path) = expr else { return None };
    let name = path.path.get_ident()?.to_string();
    let (kind, index) = name.strip_prefix("__flow_")?.split_once('_')?;
    let kind = ["node", "join", "map", FINDING].into_iter().find(|known| *known == kind)?;
    Some((kind, index.parse().ok()?))
}

/// The error in the place of a refused expression.
pub(super) fn refused(refusals: &Refusals, index: usize) -> Expr {
    refusals.in_place.get(&index).cloned().unwrap_or_else(|| parse_quote!(()))
}

/// Code with its placeholders replaced by the source they stand for, for display.
pub(super) fn written(workflow: &CheckedWorkflow, code: &Expr) -> String {
    let mut code = code.clone();
    Written { flow: &workflow.flow, refusals: &workflow.found }.visit_expr_mut(&mut code);
    text::of(&code)
}

/// Replaces placeholders with the original source.
struct Written<'a> {
    flow: &'a Flow,
    refusals: &'a Refusals,
}

impl VisitMut for Written<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        *expr = match placeholder(expr) {
            Some(("node", index)) => {
                let Node { path, arguments, .. } = &self.flow.nodes[index];
                let values = arguments.iter().map(|one| &one.value);
                parse_quote!(#path(#(#values),*))
            }
            Some(("join", index)) => {
                let Join { form, branches, .. } = &self.flow.joins[index];
                let name = format_ident!("{}", form.name());
                parse_quote!(#name!(#(#branches),*))
            }
            Some(("map", index)) => {
                let items = &self.flow.maps[index].items;
                parse_quote!(map(#items))
            }
            Some((_, index)) => refused(self.refusals, index),
            None => return visit_mut::visit_expr_mut(self, expr),
        };
        visit_mut::visit_expr_mut(self, expr);
    }
}
