//! Small pieces of generated code, and where their tokens point.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The same tokens without a place in the source. They resolve to the same names, but an editor asked about the user's token
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

/// All tokens at one place, so that an error about any of them underlines it.
pub(crate) fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    tokens.into_iter().map(|tree| spanned_one(tree, span)).collect()
}

fn spanned_one(mut tree: TokenTree, span: Span) -> TokenTree {
    if let TokenTree::Group(group) = &tree {
        tree = Group::new(group.delimiter(), spanned(group.stream(), span)).into();
    }
    tree.set_span(span.resolved_at(tree.span()));
    tree
}

/// `Some(value)` or `None`.
pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// A duration of milliseconds.
pub(crate) fn millis(millis: u64) -> TokenStream {
    quote!(::core::time::Duration::from_millis(#millis))
}

/// The line of a token in its file; `line!()` would give the line of the attribute.
pub(crate) fn line(span: Span) -> u32 {
    if proc_macro::is_available() { span.unwrap().line() as u32 } else { 0 }
}
