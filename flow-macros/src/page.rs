//! The pages of `flow::errors`: one per rule, named in every message about that rule.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};

pub(crate) type Page = &'static str;

pub(crate) const APPROVAL: Page = "approval";
pub(crate) const CALL_OPTION: Page = "call_option";
pub(crate) const CONTRACT_FORM: Page = "contract_form";
pub(crate) const DEAD_PART: Page = "dead_part";
pub(crate) const DROPPED_RESULT: Page = "dropped_result";
pub(crate) const EFFECT: Page = "effect";
pub(crate) const EQUAL_NAMES: Page = "equal_names";
pub(crate) const ERROR_TYPE: Page = "error_type";
pub(crate) const GATE_FORM: Page = "gate_form";
pub(crate) const HIDDEN_SHAPE: Page = "hidden_shape";
pub(crate) const HIDDEN_STEP: Page = "hidden_step";
pub(crate) const IMPURE: Page = "impure";
pub(crate) const LOCK: Page = "lock";
pub(crate) const MAP_FORM: Page = "map_form";
pub(crate) const MCP: Page = "mcp";
pub(crate) const NO_CONTRACT: Page = "no_contract";
pub(crate) const NOT_A_STEP: Page = "not_a_step";
pub(crate) const NOT_AWAITED: Page = "not_awaited";
pub(crate) const NOT_CLONE: Page = "not_clone";
pub(crate) const NO_VALUE: Page = "no_value";
pub(crate) const OPTION: Page = "option";
pub(crate) const PROMPT_SYNTAX: Page = "prompt_syntax";
pub(crate) const PROMPT_UNUSED: Page = "prompt_unused";
pub(crate) const PROMPT_VARIABLE: Page = "prompt_variable";
pub(crate) const PUBLISHED: Page = "published_schema";
pub(crate) const RACE: Page = "race";
pub(crate) const SECRET: Page = "secret";
pub(crate) const SIGNATURE: Page = "signature";
pub(crate) const STEP_KIND: Page = "step_kind";
pub(crate) const TOOL: Page = "tool";
pub(crate) const UNDO: Page = "undo";
pub(crate) const BOUND: Page = "bound";

/// Appends the page to a message, on a separate line.
pub(crate) fn message(page: Page, text: impl std::fmt::Display) -> String {
    format!("{text}\nsee flow::errors::{page}")
}

/// The `compile_error!` of an error with its page. syn does not expose an error's full span, so the text is patched in the
/// generated tokens.
pub(crate) fn compile_error(page: Page, error: &syn::Error) -> TokenStream {
    with_page(page, error.to_compile_error())
}

fn with_page(page: Page, tokens: TokenStream) -> TokenStream {
    tokens.into_iter().map(|tree| token_with_page(page, tree)).collect()
}

fn token_with_page(page: Page, tree: TokenTree) -> TokenTree {
    let span = tree.span();
    let mut changed = match tree {
        TokenTree::Group(group) => Group::new(group.delimiter(), with_page(page, group.stream())).into(),
        TokenTree::Literal(literal) => match syn::parse_str::<syn::LitStr>(&literal.to_string()) {
            Ok(text) => Literal::string(&message(page, text.value())).into(),
            Err(_) => literal.into(),
        },
        other => other,
    };
    changed.set_span(span);
    changed
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn every_part_of_an_error_names_its_page() {
        let mut error = syn::Error::new(Span::call_site(), "one `\"thing\"`");
        error.combine(syn::Error::new(Span::call_site(), "another"));
        let tokens = compile_error(OPTION, &error).to_string();
        for part in [r#""one `\"thing\"`\nsee flow::errors::option""#, r#""another\nsee flow::errors::option""#] {
            assert!(tokens.contains(part), "{part} in {tokens}");
        }
    }
}
