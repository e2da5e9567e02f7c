//! A step as a tool of a model: called with arguments from JSON, and states from the runtime.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit::{self, Visit};
use syn::{Lifetime, Type, TypeReference};

use super::caller::caller;
use super::tokens::resite;
use super::types::{is_sized, owned_as};
use crate::model::{Argument, Function, Kind, Step};
use crate::text;

/// The members of `StepDef`; `None` for a step without a description, by which a model would choose it. A person may be asked to
/// approve without one.
pub(super) fn members(step: &Step) -> Option<TokenStream> {
    let function = &step.function;
    if step.kind != Kind::Human && function.doc().is_empty() {
        return None;
    }
    Some(match never(function, step.kind) {
        Some(reason) => quote!(const TOOL: __flow::AsTool = __flow::AsTool::Never(#reason);),
        None => called(function),
    })
}

/// The states that the step takes, and the function that calls it. A type without a contract is reported at the step.
fn called(function: &Function) -> TokenStream {
    let ok = &function.output.ok;
    let local = |position: usize| format_ident!("__argument_{position}");
    let data: Vec<_> = function.data().collect();
    let names: Vec<_> = data.iter().map(|(position, _)| local(*position)).collect();
    let keys: Vec<_> = data.iter().map(|(_, argument)| argument.plain()).collect();
    let owned: Vec<_> = data.iter().map(|(_, argument)| owned(argument)).collect();
    let arguments = || function.arguments.iter().enumerate();
    let states = arguments().filter(|(_, argument)| argument.state).map(|(position, argument)| {
        let (name, inner, text) = (local(position), &argument.inner, argument.plain());
        quote!(let #name = __flow::Lent::<#inner>::take(__cx, #text)?;)
    });
    let passed = arguments().map(|(position, argument)| {
        let name = local(position);
        match (argument.state, argument.by_ref) {
            (true, _) => quote!(&*#name),
            // A `&String` is lent as the `&str` that the step takes.
            (false, true) => {
                let inner = &argument.inner;
                quote!({ let __lent: &#inner = &#name; __lent })
            }
            (false, false) => quote!(#name),
        }
    });
    let name = resite(function.name());
    let (listed, call) = (listed(function), caller(function));
    quote! {
        #listed
        const TOOL: __flow::AsTool = if true #(&& __flow::Out::<#owned>::HAS_CONTRACT)* {
            __flow::AsTool::By(|__input, __cx, __node| ::std::boxed::Box::pin(async move {
                #[allow(unused_mut)]
                let mut __input = __flow::Arguments::read(__input, &[#(#keys),*]);
                #(let #names = __input.take(#keys, __flow::Out::<#owned>::JSON.decode);)*
                __input.finish().map_err(__flow::misfit)?;
                #(let #names = __flow::taken(#names).map_err(__flow::misfit)?;)*
                #(#states)*
                let __call = #call(__Step, (#(#passed,)*), #name);
                __flow::run_tool(__call, __flow::Out::<#ok>::JSON, __cx, __node).await
            }))
        } else {
            __flow::AsTool::Reported
        };
    }
}

/// Why the step cannot be called with arguments from JSON.
fn never(function: &Function, kind: Kind) -> Option<String> {
    match kind {
        Kind::Timer => return Some("only waits: await it in a workflow".to_owned()),
        Kind::Undo => return Some("undoes the steps of a workflow: await it there".to_owned()),
        _ if function.is_generic() => {
            let way_out = "write one step per type";
            return Some(format!("has type parameters, so its arguments cannot be made from JSON: {way_out}"));
        }
        _ => {}
    }
    function.arguments.iter().find_map(never_made)
}

/// The states that the step takes from the runtime.
fn listed(function: &Function) -> Option<TokenStream> {
    let states: Vec<_> =
        function.arguments.iter().filter(|argument| argument.state).map(super::workflow::state).collect();
    (!states.is_empty()).then(|| quote!(const STATES: &'static [__flow::State] = &[#(#states),*];))
}

/// Why an argument cannot be made from JSON, or a state borrowed from the runtime.
fn never_made(argument: &Argument) -> Option<String> {
    let (name, inner) = (argument.plain(), &argument.inner);
    if argument.state {
        let text = text::of(inner);
        let reason = format!(
            "takes state `{name}` of the unsized type `{text}`, which the runtime cannot lend to it: take `&Arc<{text}>`"
        );
        return (!is_sized(inner)).then_some(reason);
    }
    let mut borrows = Borrows(false);
    borrows.visit_type(inner);
    borrows.0.then(|| {
        format!("borrows inside its argument `{name}`, which cannot be made from JSON: take an owned value, or a reference to one")
    })
}

fn owned(argument: &Argument) -> Type {
    if argument.by_ref { owned_as(&argument.inner) } else { argument.inner.clone() }
}

/// Whether a type borrows.
struct Borrows(bool);

impl Visit<'_> for Borrows {
    fn visit_type_reference(&mut self, reference: &TypeReference) {
        self.0 = true;
        visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &Lifetime) {
        self.0 |= lifetime.ident != "static";
    }
}
