//! Rules for signatures of steps and workflows.

use syn::ReturnType;

use crate::errors::Errors;
use crate::model::{Finding, Function, Parameter, What};
use crate::{page, text};

/// Reports a function that is not a plain async function of plain arguments that returns a `Result`. It is a `what`: a step or
/// a workflow.
pub(super) fn signature(function: &Function, findings: &[Finding], what: &str, errors: &mut Errors) {
    for finding in findings {
        if let What::Parameter(found) = &finding.what
            && let Some(message) = parameter(found, what)
        {
            errors.at(page::SIGNATURE, &finding.at, message);
        }
    }
    result_returned(function, what, errors);
    plain(function, what, errors);
}

fn parameter(found: &Parameter, what: &str) -> Option<String> {
    let is_workflow = what == "workflow";
    Some(match found {
        Parameter::Const => format!("a {what} cannot have const parameters: pass the number as an argument"),
        Parameter::Type if is_workflow => {
            "a workflow cannot have type parameters, since its graph is a constant: write one workflow per type".into()
        }
        Parameter::Ninth => {
            format!("a {what} can have at most 8 arguments: move some of them into a `#[contract]` struct")
        }
        Parameter::Receiver => format!(
            "a {what} must be a free function without `self`: pass a value as an argument, a resource as `#[state]`"
        ),
        Parameter::Pattern => format!(
            "an argument of a {what} must be a plain name, since prompts, records and schemas use it: destructure the value in the body"
        ),
        Parameter::MutableReference => format!(
            "a {what} cannot take an argument by `&mut`: take it by value or by `&`, and return the changed value"
        ),
        Parameter::ImplTrait => {
            format!("an argument of a {what} cannot be `impl Trait`, which has no contract: use a named type")
        }
        Parameter::OwnedState => {
            "a `#[state]` is borrowed from the runtime: take it by reference, as in `#[state] name: &Type`".into()
        }
        // The runtime finds the state of a workflow by its `TypeId`.
        Parameter::UnsizedState(held) if is_workflow => {
            format!("the runtime finds a `#[state]` by its type, which must be sized: write `{held}`")
        }
        Parameter::Type | Parameter::UnsizedState(_) => return None,
    })
}

fn result_returned(function: &Function, what: &str, errors: &mut Errors) {
    let output = &function.output;
    match function.sig.output {
        _ if !output.missing => {}
        ReturnType::Default => errors.at(
            page::SIGNATURE,
            function.name(),
            format!("a {what} must return a `Result`: write `-> Result<()>` if there is no value"),
        ),
        ReturnType::Type(..) => errors.at(
            page::SIGNATURE,
            &output.ty,
            format!("a {what} must return a `Result`: write `-> Result<{}>`", text::of(&output.ty)),
        ),
    }
}

fn plain(function: &Function, what: &str, errors: &mut Errors) {
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
