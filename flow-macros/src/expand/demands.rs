//! What must hold for the types in a signature. Each is told once, at the type, by the name of the step.

use proc_macro2::TokenStream;
use quote::quote;

use super::lifetimes::everlasting;
use super::step::error_type;
use super::tokens::{demand, underline, unseen};
use crate::model::{Argument, Function, Kind, Step};

/// The demands of a step. A constant cannot name type parameters, so a generic step makes its demands by bounds.
pub(crate) fn of_step(step: &Step) -> TokenStream {
    let function = &step.function;
    if function.is_generic() {
        return bounds(function);
    }
    let contracts = contracts(function, "step");
    let repeated = step.repeats().then(|| repeated(function));
    let failure = failure(step);
    quote!(#contracts #repeated #failure)
}

fn bounds(function: &Function) -> TokenStream {
    let (generics, where_clause) = (&function.sig.generics, &function.sig.generics.where_clause);
    let inputs = function.data().map(|(_, argument)| {
        let inner = &argument.inner;
        underline(quote!(::flow::__private::require_input::<#inner>), quote!(), inner)
    });
    let ok = &function.output.ok;
    let output = underline(quote!(::flow::__private::require_output::<#ok>), quote!(), ok);
    unseen(quote! {
        #[allow(dead_code, unused_lifetimes)]
        fn __contracts #generics () #where_clause { #(#inputs;)* #output; }
    })
}

/// The demands of a workflow.
pub(crate) fn of_workflow(function: &Function) -> TokenStream {
    let contracts = contracts(function, "workflow");
    let Some(error) = &function.output.err else { return contracts };
    let text = format!(
        "workflow `{}` fails with a `flow::Error`, as all that it awaits does: write `Result<{}>`",
        function.name(),
        code(&function.output.ok)
    );
    let ours = demand(quote!(::flow::__private::Failure::<#error>::IS_OURS), &text, error);
    quote!(#contracts #ours)
}

/// Everything that goes in or comes out has a contract, and what comes out survives as JSON.
fn contracts(function: &Function, what: &str) -> TokenStream {
    let name = function.name();
    let inputs = function.data().map(|(_, argument)| input(argument, &format!("{what} `{name}`")));
    let ok = &function.output.ok;
    let text =
        format!("{what} `{name}` cannot return `{0}`, which has no contract: add `#[contract]` to `{0}`", code(ok));
    let output = demand(quote!(::flow::__private::Out::<#ok>::HAS_CONTRACT), &text, ok);
    let round_trip = round_trip(function);
    quote!(#(#inputs)* #output #round_trip)
}

fn input(argument: &Argument, who: &str) -> TokenStream {
    let inner = &argument.inner;
    let whole = everlasting(inner);
    let text = format!(
        "{who} cannot take `{}: {}`, which has no contract: add `#[contract]` to `{}`, or mark the argument `#[state]` if it is a resource and no data",
        argument.name,
        code(&argument.ty),
        code(inner),
    );
    demand(quote!(::flow::__private::In::<#whole>::HAS_CONTRACT), &text, inner)
}

fn round_trip(function: &Function) -> TokenStream {
    let (ok, name) = (&function.output.ok, function.name().to_string());
    let report = quote!(&::flow::__private::keeps(#name, ::flow::__private::Out::<#ok>::CONTRACT.shape));
    let check = underline(quote!(::flow::__private::enforce), report, ok);
    unseen(quote! {
        #[allow(unused_imports)]
        use ::flow::__private::NoOutput as _;
        #check
    })
}

/// What is given by value to a step that may run twice can be cloned.
fn repeated(function: &Function) -> TokenStream {
    let by_value = function.arguments.iter().filter(|argument| !argument.by_ref).map(|argument| {
        let (name, ty, whole) = (&argument.name, &argument.ty, everlasting(&argument.ty));
        let text = format!(
            "step `{}` may need its arguments more than once, but takes `{name}: {1}` by value, and `{1}` is not `Clone`: take it by reference, derive `Clone`, or leave out what repeats the step (`retry`, `fallback`, a gate with arguments)",
            function.name(),
            code(ty),
        );
        demand(quote!(::flow::__private::Copier::<#whole>::CLONES), &text, ty)
    });
    quote!(#(#by_value)*)
}

/// The error of a code step can be told by others.
fn failure(step: &Step) -> Option<TokenStream> {
    let function = &step.function;
    let error = error_type(function, step.kind).filter(|_| step.kind == Kind::Code)?;
    let written = function.output.err.as_ref().map_or_else(|| code(&function.output.ty), code);
    let text = format!(
        "step `{}` fails with `{written}`, which is no error: implement `std::error::Error` for it, or return `flow::Result`",
        function.name()
    );
    let check = quote!(::flow::__private::Failure::<#error>::IS_ERROR);
    Some(match &function.output.err {
        Some(written) => demand(check, &text, written),
        None => demand(check, &text, &function.output.ty),
    })
}

/// A type as it was written.
fn code(ty: &syn::Type) -> String {
    crate::text::of(ty)
}
