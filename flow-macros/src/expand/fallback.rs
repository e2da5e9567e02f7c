//! What is emitted beside errors: enough of the function that its callers, and the editor, see what they would see without them.

use proc_macro2::TokenStream;
use quote::quote;

use super::step::signature;
use crate::model::{Function, Step};

/// A step with errors: its signature, and its body for the editor.
pub(crate) fn step(step: &Step) -> TokenStream {
    self::function(&step.function, signature(&step.function, step.kind))
}

/// A workflow whose body cannot be read.
pub(crate) fn workflow(function: &Function) -> TokenStream {
    self::function(function, super::workflow::signature(function))
}

/// A function whose call is never made: the build has stopped.
pub(crate) fn function(function: &Function, signature: TokenStream) -> TokenStream {
    let (attrs, vis, sig) = (&function.attrs, &function.vis, &function.sig);
    let (generics, inputs, where_clause) = (&sig.generics, &sig.inputs, &sig.generics.where_clause);
    let (ok, output) = (&function.output.ok, &function.output.ty);
    let names = function.data().map(|(_, argument)| &argument.name);
    let body = function.body.as_ref().map(|body| {
        quote! {
            #[allow(dead_code, unused_variables, unused_mut)]
            async fn __body #generics (#inputs) -> #output #where_clause #body
        }
    });
    quote! {
        #(#attrs)*
        #[allow(unused_variables, dead_code)]
        #vis #signature {
            #body
            let _ = (#(#names,)*);
            ::flow::__private::refused::<#ok, _>()
        }
    }
}
