//! The person who approves a step.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{underline, unseen};
use super::tools::callable;
use crate::model::{Step, last_name};

/// A pointer to the `approve` step.
pub(super) fn pointer(step: &Step) -> Option<TokenStream> {
    let callable = callable(step.options.approve.as_ref()?);
    Some(quote!(__flow::approver(#callable)))
}

/// The check of the approver, next to the description of the step.
pub(super) fn check(step: &Step) -> Option<TokenStream> {
    let path = step.options.approve.as_ref()?;
    let (name, callable) = (last_name(path), callable(path));
    let asked = quote!(__flow::MetaPtr::new(&__META), #name, __asked.is_some(), __flow::never_tool(__asked));
    let check = underline(quote!(__flow::approves), asked, path);
    Some(unseen([quote!({ let __asked = #callable; #check; })]))
}

/// The member of `StepDef` that asks the approver.
pub(super) fn member(step: &Step) -> Option<TokenStream> {
    let callable = callable(step.options.approve.as_ref()?);
    Some(quote! {
        const APPROVE: ::core::option::Option<__flow::ToolCall> = __flow::tool_call(#callable);
    })
}
