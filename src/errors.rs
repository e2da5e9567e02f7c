//! What the build refuses, one page a rule: why, the wrong form with its message, the right form, and the ways out.
//!
//! A message ends with the name of its page: `see flow::errors::edge`. The forms on these pages are compiled by the tests of the
//! crate, and the messages compared with what the compiler says.
//!
//! | about | pages |
//! |---|---|
//! | what travels | [`edge`], [`no_contract`], [`round_trip`], [`private_type`], [`secret`] |
//! | contracts | [`hidden_shape`], [`published_schema`], [`contract_form`], [`equal_names`], [`tagged_content`], [`flattened`], [`no_value`], [`null_option`], [`hidden_variant`], [`wide_integer`] |
//! | prompts | [`prompt_variable`], [`prompt_field`], [`prompt_unused`], [`prompt_syntax`] |
//! | steps | [`answer`], [`signature`], [`step_kind`], [`option`], [`model_name`], [`not_clone`], [`error_type`], [`not_send`] |
//! | gates, fixes, fallbacks, compensation | [`helper`], [`gate_form`] |
//! | effects | [`effect`], [`unreviewed`], [`undo`] |
//! | what a workflow awaits | [`not_a_step`], [`outside_a_workflow`], [`not_awaited`], [`dropped_result`], [`hidden_step`], [`call_option`], [`not_a_workflow`] |
//! | repetition | [`bound`], [`map_form`], [`unordered`], [`circle`], [`limit`], [`equal_ids`] |
//! | plain code between steps | [`impure`] |
//! | workflows with `strict` or `lock` | [`unchecked_edge`], [`dead_part`], [`lock`] |
//!
//! Everything else is rustc's own: a type that is misspelt, an argument too few, a value used after it was moved. The attributes
//! leave such code as it is, so that the error stands where it would without them.

crate::pages! { "errors":
    edge no_contract round_trip private_type secret
    hidden_shape published_schema contract_form equal_names tagged_content flattened no_value
    null_option hidden_variant wide_integer
    prompt_variable prompt_field prompt_unused prompt_syntax
    answer signature step_kind option model_name not_clone error_type not_send
    helper gate_form
    effect unreviewed undo
    not_a_step outside_a_workflow not_awaited dropped_result hidden_step call_option not_a_workflow
    bound map_form unordered circle limit equal_ids
    impure
    unchecked_edge dead_part lock
}
