//! Code whose steps the graph would not show, and impure code in it.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Macro};

use super::impure;
use super::reader::Reader;
use crate::model::{Hiding, JoinForm, What};

/// A macro that prints, races or hides steps.
pub(super) fn macro_call(mac: &Macro) -> Option<What> {
    let name = mac.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    if let Some(found) = impure::macro_call(&name) {
        return Some(What::Impure(found));
    }
    has_await(mac.tokens.clone()).then(|| What::Hidden(Hiding::Macro(name)))
}

/// Records the impure calls in code that awaits nothing.
pub(super) fn inside(expr: &Expr, reader: &mut Reader) {
    struct Find<'a>(&'a mut Reader);
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            match impure::call(call) {
                Some((path, found)) => self.0.found(What::Impure(found), path),
                None => visit::visit_expr_call(self, call),
            }
        }

        fn visit_macro(&mut self, mac: &'ast Macro) {
            if let Some(what) = macro_call(mac) {
                self.0.found(what, &mac.path);
            }
        }
    }
    Find(reader).visit_expr(expr);
}

/// Whether a closure may contain steps.
pub(super) fn is_hidden(closure: &syn::ExprClosure) -> bool {
    closure.asyncness.is_some() || awaits(&closure.body)
}

/// Whether code awaits anything, including inside macros.
pub(super) fn awaits(code: &impl ToTokens) -> bool {
    let tokens = code.to_token_stream();
    has_await(tokens.clone()) || has_join(tokens)
}

fn has_await(tokens: TokenStream) -> bool {
    any(tokens, &|tree| matches!(tree, TokenTree::Ident(ident) if ident == "await"))
}

/// The branches of a `join!` are awaited without `.await`. A method named `join` does not count.
fn has_join(tokens: TokenStream) -> bool {
    let mut called = false;
    tokens.into_iter().any(|tree| {
        let joins = called && matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '!');
        called = matches!(&tree, TokenTree::Ident(ident) if JoinForm::ALL.iter().any(|form| ident == form.name()));
        joins || matches!(tree, TokenTree::Group(group) if has_join(group.stream()))
    })
}

fn any(tokens: TokenStream, test: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|tree| match &tree {
        TokenTree::Group(group) => any(group.stream(), test),
        other => test(other),
    })
}
