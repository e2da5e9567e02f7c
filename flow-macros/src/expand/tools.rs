//! The tools of a model step.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::tokens::{option, underline, unseen};
use crate::model::{Bound, Step, Tool, last_name, plain};

/// The tools in the description of a step; `None` if it has none.
pub(super) fn description(step: &Step) -> Option<TokenStream> {
    let (tools, limits) = (&step.options.tools, &step.options.tool_limits);
    if tools.is_empty() {
        return None;
    }
    let tools = tools.iter().map(tool);
    let max_turns = limits.max_turns.as_ref().map_or(0, |(_, turns)| *turns);
    let max_tool_calls = option(limits.max_tool_calls.as_ref().map(|(_, calls)| calls));
    let on_error = match limits.on_error {
        Some((_, true)) => quote!(Fail),
        _ => quote!(Tell),
    };
    Some(option(Some(quote! {
        &__flow::Tools {
            tools: &[#(#tools),*],
            max_turns: #max_turns,
            max_tool_calls: #max_tool_calls,
            on_error: __flow::OnToolError::#on_error,
        }
    })))
}

fn tool(tool: &Tool) -> TokenStream {
    let (callable, id) = (callable(&tool.path), option(tool.id.as_ref()));
    let bound = tool.bound.iter().map(bound);
    quote!(__flow::tool(#callable, #id, &[#(#bound),*]))
}

fn bound(bound: &Bound) -> TokenStream {
    let (argument, path) = (plain(&bound.argument), bound.path.iter().map(plain));
    quote!(__flow::Bound { argument: #argument, path: &[#(#path),*] })
}

/// Asks whether a function can be a tool.
pub(super) fn callable(path: &Path) -> TokenStream {
    quote!(__flow::ask(&|| __flow::Function::of(&#path).tool()))
}

/// The checks of the tools, next to the description of the step.
pub(super) fn checks(step: &Step) -> Option<TokenStream> {
    let tools = &step.options.tools;
    if tools.is_empty() {
        return None;
    }
    Some(unseen(tools.iter().enumerate().map(|(position, tool)| {
        let (path, name, callable) = (&tool.path, last_name(&tool.path), callable(&tool.path));
        let asked =
            quote!(__flow::MetaPtr::new(&__META), #position, #name, __asked.is_some(), __flow::never_tool(__asked));
        let check = underline(quote!(__flow::offers), asked, path);
        quote!({ let __asked = #callable; #check; })
    })))
}

/// The member of `StepDef` that calls the tools.
pub(super) fn member(step: &Step) -> Option<TokenStream> {
    let tools = &step.options.tools;
    if tools.is_empty() {
        return None;
    }
    let calls = tools.iter().map(|tool| callable(&tool.path));
    Some(quote! {
        const TOOLS: &'static [::core::option::Option<__flow::ToolCall>] = &[#(__flow::tool_call(#calls)),*];
    })
}
