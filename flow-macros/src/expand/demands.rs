//! Demands on the types in a signature. Each is reported once, at the type, with the name of the step.

use proc_macro2::TokenStream;
use quote::quote;

use super::failure::error_type;
use super::lifetimes::everlasting;
use super::serving;
use super::tokens::{demand, underline, unseen};
use super::types::is_sized;
use crate::model::{Argument, Function, Kind, Reads, Step};
use crate::secret::holds_secret;
use crate::{contract, page, text};

/// The demands of a step. A constant cannot name type parameters, so a generic step uses bounds.
pub(crate) fn of_step(step: &Step, reads: &Reads) -> TokenStream {
    let function = &step.function;
    if function.is_generic() {
        return unseen([bounds(step)]);
    }
    let repeated = repeated(step).map(|argument| repeated_argument(function, argument));
    unseen(
        contracts(function, "step")
            .chain(repeated)
            .chain(lent(function))
            .chain(failure(step))
            .chain(serving::checks(step))
            .chain(answer(step))
            .chain(super::prompt::constant_checks(step, &reads.open)),
    )
}

/// The demands of a workflow.
pub(crate) fn of_workflow(function: &Function) -> TokenStream {
    let ours = ours(function, |name, ok| {
        format!(
            "the error of workflow `{name}` must be `flow::Error`, like the errors of all it awaits: write `Result<{ok}>`"
        )
    });
    unseen(contracts(function, "workflow").chain(ours))
}

/// Demands that the error type is `flow::Error`.
fn ours(function: &Function, text: impl Fn(&syn::Ident, &str) -> String) -> Option<TokenStream> {
    if function.output.ours {
        return None;
    }
    let (output, text) = (&function.output, text(function.name(), &text::of(&function.output.ok)));
    if let Some(error) = &output.err {
        return Some(demand(page::ERROR_TYPE, quote!(__flow::Failure::<#error>::IS_OURS), &text, error));
    }
    let ty = &output.ty;
    let returned = quote!(__flow::Returned::<#ty>);
    if !output.alias {
        return Some(demand(page::ERROR_TYPE, quote!(#returned::IS_OURS), &text, ty));
    }
    let text = page::message(page::ERROR_TYPE, text);
    let no_result = format!("`{0}` is not a `Result`: write `-> Result<{0}>`", text::of(ty));
    let no_result = page::message(page::SIGNATURE, no_result);
    let asked = quote!(#returned::IS_OURS, if #returned::IS_RESULT { #text } else { #no_result });
    Some(underline(quote!(__flow::demand), asked, ty))
}

/// The by-value arguments of a step that may run more than once.
fn repeated(step: &Step) -> impl Iterator<Item = &Argument> {
    step.function.arguments.iter().filter(|argument| step.repeats() && !argument.by_ref)
}

fn bounds(step: &Step) -> TokenStream {
    let function = &step.function;
    let (generics, where_clause) = (&function.sig.generics, &function.sig.generics.where_clause);
    let inputs = function.data().map(|(_, argument)| {
        let inner = &argument.inner;
        underline(quote!(__flow::require_input::<#inner>), quote!(), inner)
    });
    let repeated = repeated(step).map(|argument| {
        let ty = &argument.ty;
        underline(quote!(__flow::require_repeated::<#ty>), quote!(), ty)
    });
    let ok = &function.output.ok;
    let output = underline(quote!(__flow::require_output::<#ok>), quote!(), ok);
    quote! {
        {
            #[allow(dead_code, unused_lifetimes)]
            fn __contracts #generics () #where_clause { #(#inputs;)* #(#repeated;)* #output; }
        }
    }
}

/// Inputs and outputs must have contracts, and outputs must survive a JSON round trip.
fn contracts(function: &Function, what: &str) -> impl Iterator<Item = TokenStream> {
    let (name, ok) = (function.name(), &function.output.ok);
    let inputs = function.data().map(move |(_, argument)| input(argument, &format!("{what} `{name}`")));
    let returned = text::of(ok);
    let text = if holds_secret(ok) {
        page::message(
            page::SECRET,
            format!(
                "{what} `{name}` cannot return `{returned}`: outputs are recorded and shown, but secrets must never be; keep the secret in a `#[state]`, and return only what may be shown"
            ),
        )
    } else {
        page::message(
            page::NO_CONTRACT,
            format!(
                "{what} `{name}` cannot return `{returned}`, which has no contract: add `#[contract]` to `{returned}`"
            ),
        )
    };
    let name = function.plain();
    let output = quote!(#name, __flow::Out::<#ok>::HAS_CONTRACT, __flow::Out::<#ok>::CONTRACT, #text);
    inputs.chain([underline(quote!(__flow::returns), output, ok)])
}

fn input(argument: &Argument, who: &str) -> TokenStream {
    let inner = &argument.inner;
    let whole = everlasting(inner);
    let holds = quote!(__flow::In::<#whole>::HAS_CONTRACT);
    if holds_secret(inner) {
        let (name, written) = (&argument.name, text::of(&argument.ty));
        let lent = text::of(inner);
        let text = format!(
            "{who} cannot take `{name}: {written}`: inputs are recorded and may be shown to models, but secrets must never be; pass it as a state, `#[state] {name}: &{lent}`"
        );
        return demand(page::SECRET, holds, &text, inner);
    }
    let text = format!(
        "{who} cannot take `{}: {}`, which has no contract: add `#[contract]` to `{}`, or mark the argument `#[state]` if it is a resource, not data",
        argument.name,
        text::of(&argument.ty),
        text::of(inner),
    );
    if contract::is_fine(inner) {
        return demand(page::NO_CONTRACT, holds, &text, inner);
    }
    let (what, text) = (format!("argument `{}` of {who}", argument.name), page::message(page::NO_CONTRACT, text));
    underline(quote!(__flow::takes), quote!(#what, #holds, __flow::In::<#whole>::CONTRACT, #text), inner)
}

/// A by-value argument of a step that may run more than once must be `Clone`.
fn repeated_argument(function: &Function, argument: &Argument) -> TokenStream {
    let (step, name, ty) = (function.name(), &argument.name, &argument.ty);
    let (written, whole) = (text::of(ty), everlasting(ty));
    let text = format!(
        "step `{step}` may need its arguments more than once, but takes `{name}: {written}` by value, and `{written}` is not `Clone`: take it by reference, derive `Clone`, or remove what repeats the step (`retry`, `fallback`, a gate with arguments)"
    );
    demand(page::NOT_CLONE, quote!(__flow::Copier::<#whole>::CLONES), &text, ty)
}

/// States must be shareable between threads.
fn lent(function: &Function) -> impl Iterator<Item = TokenStream> {
    let states = function.arguments.iter().filter(|argument| argument.state && is_sized(&argument.inner));
    states.map(|state| {
        let (inner, whole) = (&state.inner, everlasting(&state.inner));
        let text = format!(
            "`{}` cannot be a `#[state]`: the runtime lends it to steps on several threads, and it is not `Send + Sync + 'static`; keep mutable data in a `Mutex`, and use `Arc` instead of `Rc`",
            text::of(inner)
        );
        demand(page::SIGNATURE, quote!(__flow::Lent::<#whole>::IS_HELD), &text, inner)
    })
}

/// Every model of the step must support the schema of its output.
fn answer(step: &Step) -> Option<TokenStream> {
    let (name, ok, models) = (step.function.plain(), &step.function.output.ok, &step.options.models);
    let asked = quote!(#name, __flow::Out::<#ok>::CONTRACT.shape, &[#(#models),*]);
    (!models.is_empty()).then(|| underline(quote!(__flow::answerable), asked, ok))
}

/// The error type of a code step must implement `Error`; that of other steps must be `flow::Error`.
fn failure(step: &Step) -> Option<TokenStream> {
    let function = &step.function;
    if step.kind != Kind::Code {
        let kind = step.kind.name();
        return ours(function, |name, ok| {
            format!(
                "the error of {kind} step `{name}` must be `flow::Error`, since the step has no body: write `Result<{ok}>`"
            )
        });
    }
    let error = error_type(function, step.kind)?;
    // An alias does not show the error type, so report the alias.
    let written = function.output.err.as_ref().unwrap_or(&function.output.ty);
    let text = format!(
        "step `{}` fails with `{}`, which does not implement `std::error::Error`: implement it, or return `flow::Result`",
        function.name(),
        text::of(written)
    );
    Some(demand(page::ERROR_TYPE, quote!(__flow::Failure::<#error>::IS_ERROR), &text, written))
}
