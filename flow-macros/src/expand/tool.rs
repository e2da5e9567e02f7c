//! A step as a tool of a model: called with arguments from JSON, and states from the runtime.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit::{self, Visit};
use syn::{Lifetime, Type, TypeReference};

use super::tokens::resite;
use super::types::{is_sized, owned_as};
use crate::model::{Argument, Function, Kind, Step};

/// The members of `StepDef`; `None` for a step that no model can call.
pub(super) fn members(step: &Step) -> Option<TokenStream> {
    let function = &step.function;
    if !is_callable(function, step.kind) {
        return None;
    }
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
    let (listed, call) = (listed(function), super::step::caller(function));
    Some(quote! {
        #listed
        const TOOL: ::core::option::Option<__flow::ToolCall> = if true #(&& __flow::Out::<#owned>::HAS_CONTRACT)* {
            __flow::Some(|__input, __cx, __node| ::std::boxed::Box::pin(async move {
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
            __flow::None
        };
    })
}

/// Whether the step can be called with arguments from JSON. A model chooses a tool by its description; a person may be asked to
/// approve without one.
pub(super) fn is_callable(function: &Function, kind: Kind) -> bool {
    let may_be_called = kind == Kind::Human || !function.doc().is_empty();
    let is_plain = !function.is_generic() && !matches!(kind, Kind::Timer | Kind::Undo);
    may_be_called && is_plain && function.arguments.iter().all(can_be_made)
}

/// The states that the step takes from the runtime.
fn listed(function: &Function) -> Option<TokenStream> {
    let states: Vec<_> =
        function.arguments.iter().filter(|argument| argument.state).map(super::workflow::state).collect();
    (!states.is_empty()).then(|| quote!(const STATES: &'static [__flow::State] = &[#(#states),*];))
}

/// Whether an argument can be made from JSON, or borrowed from the runtime.
fn can_be_made(argument: &Argument) -> bool {
    if argument.state {
        return is_sized(&argument.inner);
    }
    let mut borrows = Borrows(false);
    borrows.visit_type(&argument.inner);
    !borrows.0
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
