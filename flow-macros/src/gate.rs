//! `#[gate]`: a synchronous function that judges an output.

use proc_macro2::TokenStream;
use syn::{FnArg, ItemFn, ReturnType, Type};

use crate::errors::Errors;
use crate::page;

/// Checks the function and emits it unchanged.
pub(crate) fn gate(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if !options.is_empty() {
        errors.at(page::GATE_FORM, &options, "`#[gate]` takes no options");
    }
    if let Ok(function) = syn::parse2::<ItemFn>(item.clone()) {
        check(&function, &mut errors);
    }
    let errors = errors.into_compile_errors();
    // Gates must take the output by reference, even if it is small or an `Option`.
    quote::quote!(#[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)] #item #errors)
}

fn check(function: &ItemFn, errors: &mut Errors) {
    let name = &function.sig.ident;
    if let Some(token) = &function.sig.asyncness {
        errors.at(
            page::GATE_FORM,
            token,
            format!(
                "gate `{name}` cannot be `async`: remove `async`, or make it a `#[step]` that returns `Result<Verdict>`"
            ),
        );
    }
    match function.sig.inputs.first() {
        None => {
            errors.at(
                page::GATE_FORM,
                name,
                format!("gate `{name}` has no arguments: take the output as the first argument, by reference"),
            );
        }
        Some(FnArg::Receiver(receiver)) => {
            errors.at(page::GATE_FORM, receiver, format!("gate `{name}` cannot take `self`: make it a free function"));
        }
        Some(FnArg::Typed(first)) if !matches!(*first.ty, Type::Reference(_)) => {
            errors.at(
                page::GATE_FORM,
                &first.ty,
                format!("gate `{name}` takes the output by value: take it by reference"),
            );
        }
        Some(FnArg::Typed(_)) => {}
    }
    match &function.sig.output {
        ReturnType::Default => {
            errors.at(page::GATE_FORM, name, format!("gate `{name}` has no return type: write `-> Verdict`"))
        }
        ReturnType::Type(_, ty) if !is_verdict(ty) => errors.at(
            page::GATE_FORM,
            ty,
            format!(
                "gate `{name}` must return a `Verdict`, which gives a reason: `Verdict::ensure(condition, \"reason\")`"
            ),
        ),
        ReturnType::Type(..) => {}
    }
}

fn is_verdict(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Verdict"))
}
