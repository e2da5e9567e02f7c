//! Compile errors, one page per rule: the reason, a wrong version with its message, a right version, and how to fix it.
//!
//! Every message ends with the name of its page: `see flow::errors::edge`. The tests of the crate compile the code on these
//! pages and compare the messages with the compiler's output.
//!
//! | topic | pages |
//! |---|---|
//! | values between steps | [`edge`], [`no_contract`], [`round_trip`], [`private_type`], [`secret`] |
//! | contracts | [`hidden_shape`], [`published_schema`], [`contract_form`], [`equal_names`], [`tagged_content`], [`flattened`], [`no_value`], [`null_option`], [`hidden_variant`], [`wide_integer`] |
//! | prompts | [`prompt_variable`], [`prompt_field`], [`prompt_media`], [`prompt_unused`], [`prompt_syntax`] |
//! | steps | [`answer`], [`signature`], [`step_kind`], [`option`], [`model_name`], [`not_clone`], [`error_type`], [`not_send`] |
//! | gates, fixes, fallbacks, compensation | [`helper`], [`gate_form`] |
//! | tools and approvals | [`tool`], [`approval`], [`mcp`] |
//! | effects | [`effect`], [`unreviewed`], [`undo`] |
//! | awaiting in workflows | [`not_a_step`], [`outside_a_workflow`], [`not_awaited`], [`dropped_result`], [`hidden_step`], [`call_option`], [`not_a_workflow`] |
//! | loops, maps, races, limits | [`bound`], [`map_form`], [`race`], [`unordered`], [`circle`], [`limit`], [`equal_ids`] |
//! | plain code between steps | [`impure`] |
//! | workflows with `strict` or `lock` | [`unchecked_edge`], [`dead_part`], [`lock`] |
//!
//! Everything else is reported by rustc itself: a misspelt type, a missing argument, a use after move. The attributes leave
//! such code unchanged, so these errors appear in the same place as without them.

crate::pages! { "errors":
    edge no_contract round_trip private_type secret
    hidden_shape published_schema contract_form equal_names tagged_content flattened no_value
    null_option hidden_variant wide_integer
    prompt_variable prompt_field prompt_media prompt_unused prompt_syntax
    answer signature step_kind option model_name not_clone error_type not_send
    helper gate_form
    tool approval mcp
    effect unreviewed undo
    not_a_step outside_a_workflow not_awaited dropped_result hidden_step call_option not_a_workflow
    bound map_form race unordered circle limit equal_ids
    impure
    unchecked_edge dead_part lock
}
