//! Judges the answer to a human or signal step before the run receives it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, Type, TypeReference};

use super::tokens::resite;
use super::types::owned_as;
use crate::model::{Argument, Gate, Kind, Step, last_name};

/// A function that decodes the answer and runs the gates on it. Arguments are taken from the recorded input.
pub(crate) fn judge(step: &Step) -> Option<TokenStream> {
    if !matches!(step.kind, Kind::Human | Kind::Signal) {
        return None;
    }
    let ok = &step.function.output.ok;
    let gates = step.options.gates.iter().map(|gate| self::gate(step, gate));
    Some(quote! {
        __flow::Some(|| {
            let __judge: __flow::JudgeAt = |__given| ::std::boxed::Box::pin(async move {
                #[allow(unused_variables, unused_mut)]
                let (__output, __input, __cx, mut __said) = __given.read(__flow::Out::<#ok>::JSON.decode)?;
                #(#gates)*
                ::core::result::Result::Ok(__said)
            });
            ::std::boxed::Box::new(__judge)
        })
    })
}

fn gate(step: &Step, gate: &Gate) -> TokenStream {
    let path = &gate.path;
    let name = last_name(path);
    let given: Vec<_> = gate.arguments.iter().filter_map(|name| step.function.argument(name)).collect();
    // Only the run knows the states, since a workflow may pass any.
    if given.iter().any(|argument| argument.state) {
        return quote!(__said.pass(#name););
    }
    let names: Vec<_> = given.iter().map(|argument| resite(&argument.name)).collect();
    let recalled = given.iter().map(|argument| recall(argument));
    let lent = given.iter().map(|argument| lent(argument));
    let asked = quote! {
        __flow::Passed::new(#path, (&__output, #(#names,)*)).judge(&mut __said, __cx, #name).await?;
    };
    if given.is_empty() {
        return asked;
    }
    quote! {
        match (#(#recalled,)*) {
            (#(__flow::Some(#names),)*) => {
                #(let #names: #lent = &#names;)*
                #asked
            }
            _ => __said.pass(#name),
        }
    }
}

fn recall(argument: &Argument) -> TokenStream {
    let (owned, name) = (anonymous(&owned_as(&argument.inner)), argument.plain());
    quote!(__flow::Recall::<#owned>::of(__input, #name))
}

/// The type of an argument as a gate receives it.
fn lent(argument: &Argument) -> TokenStream {
    let inner = anonymous(&argument.inner);
    quote!(&#inner)
}

/// The type with inferred lifetimes, since those of the signature have no names here.
fn anonymous(ty: &Type) -> Type {
    let mut ty = ty.clone();
    Anonymous.visit_type_mut(&mut ty);
    ty
}

struct Anonymous;

impl VisitMut for Anonymous {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = Lifetime::new("'_", lifetime.span());
        }
    }
}
