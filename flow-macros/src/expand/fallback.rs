//! Code emitted along with errors: enough of the function that its callers and the editor see what they would see
//! without the errors.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::step::{in_workflow, signature};
use super::tokens::at;
use crate::model::{Function, Step};

/// A step with errors: its signature, and its body for the editor.
pub(crate) fn step(step: &Step) -> TokenStream {
    let call = in_workflow(step.kind, refused(&step.function));
    let body = body(&step.function, step.function.body.as_ref(), true);
    self::function(&step.function, signature(&step.function, step.kind), call, body)
}

/// A workflow with an invalid signature or a half-typed body. rustc has already reported what is missing in the body,
/// at the user's own tokens, so only an editor sees such a body.
pub(crate) fn workflow(function: &Function, is_whole: bool) -> TokenStream {
    let call = refused(function);
    let call = quote!(::flow::__private::InWorkflow::new(#call));
    let body = body(function, function.body.clone().map(|body| awaited(body, is_whole)).as_ref(), is_whole);
    self::function(function, super::workflow::signature(function), call, body)
}

/// Inserts `__in_workflow()` before each `.await`: outside a workflow, most calls are not futures.
fn awaited(body: TokenStream, is_whole: bool) -> TokenStream {
    let mut trees: Vec<TokenTree> = Vec::new();
    for tree in body {
        let is_await = matches!(&tree, TokenTree::Ident(word) if word == "await");
        let dot = trees.last().cloned().filter(|last| matches!(last, TokenTree::Punct(sign) if sign.as_char() == '.'));
        if let Some(dot) = dot.filter(|_| is_await) {
            trees.extend(quote_spanned!(at(tree.span()) => __in_workflow()));
            trees.push(dot);
        }
        trees.push(match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), awaited(group.stream(), is_whole));
                // rustc reports missing tokens at the end of a group; with the same span, it does not report them again.
                inner.set_span(if is_whole { group.span() } else { group.span_close() });
                inner.into()
            }
            other => other,
        });
    }
    trees.into_iter().collect()
}

/// A call that is never executed, since the build fails.
fn refused(function: &Function) -> TokenStream {
    let ok = &function.output.ok;
    quote!(::flow::__private::refused::<#ok, _>())
}

/// The body as an inner function. If the function does not return a `Result`, only an editor sees it, since every `?`
/// would be an error too.
fn body(function: &Function, body: Option<&TokenStream>, is_whole: bool) -> TokenStream {
    let (sig, output) = (&function.sig, &function.output.ty);
    let (generics, inputs, where_clause) = (&sig.generics, &sig.inputs, &sig.generics.where_clause);
    let body = body.map(|body| {
        let shown = (!is_whole || function.output.missing).then(|| quote!(#[cfg(rust_analyzer)]));
        quote! {
            #shown
            #[allow(dead_code, unused_variables, unused_mut)]
            async fn __body #generics (#inputs) -> #output #where_clause #body
        }
    });
    quote!(#body)
}

fn function(function: &Function, signature: TokenStream, call: TokenStream, body: TokenStream) -> TokenStream {
    let (attrs, vis) = (&function.attrs, &function.vis);
    let names = function.data().map(|(_, argument)| &argument.name);
    quote! {
        #(#attrs)*
        #[allow(unused_variables, dead_code, unexpected_cfgs)]
        #vis #signature {
            #[allow(unused_imports)]
            use ::flow::__private::unread::*;
            #body
            let _ = (#(#names,)*);
            #call
        }
    }
}
