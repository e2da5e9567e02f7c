//! Rules for signatures of steps and workflows.

use crate::errors::Errors;
use crate::model::Function;
use crate::page;

/// Reports a function that is not a plain async function.
pub(super) fn plain(function: &Function, what: &str, errors: &mut Errors) {
    let sig = &function.sig;
    if sig.asyncness.is_none() {
        errors.at(
            page::SIGNATURE,
            sig.fn_token,
            format!("a {what} must be an async function: write `async fn {}`", sig.ident),
        );
    }
    for (found, token) in [
        (sig.constness.is_some(), "const"),
        (matches!(sig.safety, syn::Safety::Unsafe(_)), "unsafe"),
        (sig.abi.is_some(), "extern"),
    ] {
        if found {
            errors.at(
                page::SIGNATURE,
                &sig.ident,
                format!("a {what} must be a plain async function: remove `{token}`"),
            );
        }
    }
}

/// Reports arguments taken by reference.
pub(super) fn owned_arguments(function: &Function, errors: &mut Errors) {
    for (_, argument) in function.data().filter(|(_, argument)| argument.by_ref) {
        errors.at(
            page::SIGNATURE,
            &argument.ty,
            "a workflow must own its arguments, since a run outlives its caller: take the argument by value, or mark a resource `#[state]`",
        );
    }
}

pub(super) fn body_given(function: &Function, errors: &mut Errors) {
    if function.body.is_none() {
        errors.at(
            page::SIGNATURE,
            function.name(),
            format!("workflow `{}` has no body: write one that awaits its steps", function.name()),
        );
    }
}
