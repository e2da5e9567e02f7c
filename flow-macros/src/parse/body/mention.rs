//! The variables mentioned in code that is not read expression by expression: closures and macros.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;
use syn::visit::{self, Visit};

use super::change::assigns;
use super::expr::root;
use super::scope::Scope;
use crate::model::Origin;

/// The origin of code: the variables it names, including those in format strings such as `format!("{name}")`.
pub(super) fn mentioned(code: TokenStream, scope: &Scope) -> Origin {
    Origin::lost(code.into_iter().map(|tree| match tree {
        TokenTree::Ident(name) => scope.value(&name.to_string()),
        TokenTree::Group(group) => mentioned(group.stream(), scope),
        TokenTree::Literal(text) => Origin::lost(names_in(&text.to_string()).map(|name| scope.value(name))),
        TokenTree::Punct(_) => Origin::Nothing,
    }))
}

/// Yields `name` for each `{name` in a text.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_').next())
}

/// The variables that a macro may change: the target of `write!`, and those borrowed with `&mut`.
pub(super) fn changed_by_macro(mac: &syn::Macro) -> Vec<String> {
    let writes = mac.path.segments.last().is_some_and(|last| last.ident == "write" || last.ident == "writeln");
    let tokens: Vec<TokenTree> = mac.tokens.clone().into_iter().collect();
    let word = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    let lent = (0..tokens.len()).filter(|at| word(*at) == "&" && word(at + 1) == "mut").map(|at| word(at + 2));
    lent.chain(writes.then(|| word(0))).collect()
}

/// The variables that a closure changes.
pub(super) fn changed_by_closure(closure: &syn::ExprClosure) -> Vec<String> {
    struct Changes(Vec<String>);
    impl<'ast> Visit<'ast> for Changes {
        fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
            self.0.extend(root(&assign.left));
            visit::visit_expr_assign(self, assign);
        }

        fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
            self.0.extend(root(&binary.left).filter(|_| assigns(&binary.op)));
            visit::visit_expr_binary(self, binary);
        }

        fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
            self.0.extend(root(&reference.expr).filter(|_| reference.mutability.is_some()));
            visit::visit_expr_reference(self, reference);
        }

        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            self.0.extend(root(&call.receiver).filter(|_| !call.args.is_empty()));
            visit::visit_expr_method_call(self, call);
        }

        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            self.0.extend(changed_by_macro(mac));
        }
    }
    let mut changes = Changes(Vec::new());
    changes.visit_expr(&closure.body);
    changes.0
}

impl super::reader::Reader {
    /// Adds everything a call was given to the variables that it may change through its arguments.
    pub(super) fn changed_by_call<'e>(&mut self, arguments: impl IntoIterator<Item = &'e Expr>, given: &Origin) {
        for argument in arguments {
            let names = match super::expr::strip(argument) {
                Expr::Closure(closure) => changed_by_closure(closure),
                Expr::Reference(reference) if reference.mutability.is_some() => {
                    root(&reference.expr).into_iter().collect()
                }
                _ => continue,
            };
            self.add_to(names, given);
        }
    }

    /// Adds values to those of the variables that can change.
    pub(super) fn add_to(&mut self, names: impl IntoIterator<Item = String>, given: &Origin) {
        for name in names {
            if *given != Origin::Nothing && self.scope.may_change(&name) {
                self.scope.add(&name, given);
            }
        }
    }

    /// The origin of code by the variables it mentions.
    pub(super) fn mentioned_in(&self, code: &impl ToTokens) -> Origin {
        mentioned(code.to_token_stream(), &self.scope)
    }
}
