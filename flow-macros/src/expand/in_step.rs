//! Checks what the body of a step awaits: only code steps are allowed there.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Token};

use super::tokens::underline;
use crate::bare::Bare;
use crate::model::JoinForm;

/// Functions that take a future.
const WRAPPERS: &[&str] = &["block_on", "pin", "spawn", "spawn_local", "timeout", "timeout_at"];

/// The body with a type check on each awaited call; `None` if it awaits none or does not parse.
pub(crate) fn watched(own: &syn::Ident, body: &TokenStream) -> Option<TokenStream> {
    let mut block = syn::parse2::<syn::Block>(body.clone()).ok()?;
    Bare.visit_block_mut(&mut block);
    let mut watch = Watch { own, looks: false };
    watch.visit_block_mut(&mut block);
    let statements = &block.stmts;
    let mut watched = Group::new(
        Delimiter::Brace,
        quote! {
            #[allow(unused_imports)]
            use __flow::step::*;
            #(#statements)*
        },
    );
    watched.set_span(block.brace_token.span.join());
    watch.looks.then(|| TokenTree::Group(watched).into())
}

struct Watch<'a> {
    /// The step's own name, which in its body is a function whose future type is not known yet.
    own: &'a syn::Ident,
    /// A check was inserted.
    looks: bool,
}

impl Watch<'_> {
    /// Inserts the check of a call.
    fn look(&mut self, expr: &mut Expr) {
        let Some(path) = called(expr).filter(|path| !path.path.is_ident(self.own)) else { return };
        let awaited = syn::Ident::new("awaited", path.span());
        let look = underline(quote!(__flow::InStep), quote!(#expr), expr);
        *expr = Expr::Verbatim(quote!(#look.#awaited()));
        self.looks = true;
    }
}

impl VisitMut for Watch<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Await(awaited) => self.look(&mut awaited.base),
            Expr::Call(call) if takes_a_future(&call.func) => {
                call.args.iter_mut().for_each(|argument| self.look(argument))
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let joins = JoinForm::of(&call.path).is_some();
        let branches = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
        if let Some(mut branches) = branches.ok().filter(|_| joins) {
            for branch in &mut branches {
                self.visit_expr_mut(branch);
                self.look(branch);
            }
            call.tokens = branches.to_token_stream();
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The function in `f(x)` or `f(x).option(y)`.
fn called(expr: &Expr) -> Option<&syn::ExprPath> {
    match expr {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => Some(path),
            _ => None,
        },
        Expr::MethodCall(call) => called(&call.receiver),
        Expr::Paren(inner) => called(&inner.expr),
        _ => None,
    }
}

fn takes_a_future(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    path.path.segments.last().is_some_and(|last| WRAPPERS.iter().any(|name| last.ident == name))
}
