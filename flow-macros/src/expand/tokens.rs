//! Small pieces of generated code and their spans.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::model::Function;
use crate::page::{self, Page};

/// The same tokens without a location in the source. They resolve to the same names, but an editor asked about the user's token
/// finds one target instead of every copy.
pub(crate) fn resite(tokens: impl ToTokens) -> TokenStream {
    tokens.into_token_stream().into_iter().map(resite_one).collect()
}

fn resite_one(mut tree: TokenTree) -> TokenTree {
    if let TokenTree::Group(group) = &tree {
        tree = Group::new(group.delimiter(), resite(group.stream())).into();
    }
    tree.set_span(Span::call_site().resolved_at(tree.span()));
    tree
}

/// The `>` that ends a generated type, with the user's span: rustc attributes a signature to the user if its first and
/// last tokens are.
pub(crate) fn last(ty: &impl ToTokens) -> TokenStream {
    spanned(quote!(>), end(ty))
}

/// The body of a function, ending at the user's span, which lints about items look at. `__flow` abbreviates paths in
/// generated code.
pub(crate) fn block(function: &Function, statements: TokenStream) -> TokenTree {
    let statements = quote! {
        #[allow(unused_imports)]
        use ::flow::__private as __flow;
        #statements
    };
    let mut body = Group::new(Delimiter::Brace, statements);
    let written = function.body.as_ref().and_then(|body| body.clone().into_iter().last());
    body.set_span(written.map_or_else(|| end(&function.output.ty), |written| written.span()));
    body.into()
}

fn end(code: &impl ToTokens) -> Span {
    code.to_token_stream().into_iter().last().map_or_else(Span::call_site, |token| token.span())
}

/// All tokens at one span of the user's, so that an error about any of them underlines exactly that.
pub(crate) fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    tokens.into_iter().map(|tree| spanned_one(tree, span)).collect()
}

fn spanned_one(mut tree: TokenTree, span: Span) -> TokenTree {
    if let TokenTree::Group(group) = &tree {
        tree = Group::new(group.delimiter(), spanned(group.stream(), span)).into();
    }
    tree.set_span(span);
    tree
}

/// A span for generated code: errors point at the user's code, but lints know that the code is generated.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// `function(inner)`, for which rustc underlines all of `code`: the function's name has the span of its first token, the
/// parentheses that of its last.
pub(crate) fn underline(function: TokenStream, inner: TokenStream, code: &impl ToTokens) -> TokenStream {
    let tokens: Vec<_> = code.to_token_stream().into_iter().collect();
    let first = tokens.first().map_or_else(Span::call_site, TokenTree::span);
    let last = tokens.last().map_or_else(Span::call_site, TokenTree::span);
    let head = spanned(function, first);
    let mut group = Group::new(Delimiter::Parenthesis, inner);
    group.set_span(last);
    quote!(#head #group)
}

/// Silences lints for generated items, since some of their tokens have the user's spans.
pub(crate) fn unlinted() -> TokenStream {
    quote!(#[allow(unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)])
}

/// Constants that only check. Their tokens have the user's spans, so they are hidden from editors, which would show
/// them next to the user's code. The enclosing function allows the `cfg`.
pub(crate) fn unseen(checks: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let (checks, unlinted) = (checks.into_iter(), unlinted());
    quote! {
        #[cfg(not(rust_analyzer))]
        #unlinted
        const _: () = {
            #[allow(unused_imports)]
            use __flow::quiet::*;
            #(const _: () = #checks;)*
        };
    }
}

/// A check that fails the build with `otherwise` and the page of the rule, at `code`, unless `holds`.
pub(crate) fn demand(page: Page, holds: TokenStream, otherwise: &str, code: &impl ToTokens) -> TokenStream {
    let otherwise = page::message(page, otherwise);
    underline(quote!(__flow::demand), quote!(#holds, #otherwise), code)
}

/// `Some(value)` or `None`.
pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(__flow::Some(#value)),
        None => quote!(__flow::None),
    }
}

/// A `Duration` from milliseconds.
pub(crate) fn millis(millis: u64) -> TokenStream {
    quote!(::core::time::Duration::from_millis(#millis))
}

/// The line of a token in its file; `line!()` would return the line of the attribute.
pub(crate) fn line(span: Span) -> u32 {
    if proc_macro::is_available() { span.unwrap().line() as u32 } else { 0 }
}
