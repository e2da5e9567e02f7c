//! What Claude's models differ in.

use crate::provider::Model;

/// Models from before JSON outputs, by the start of their names.
/// Source: <https://platform.claude.com/docs/en/build-with-claude/structured-outputs>, 2026-11-24: general from 4.5 on.
const WITHOUT_JSON_OUTPUTS: &[&str] = &[
    "claude-2",
    "claude-3",
    "claude-instant",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-2025",
    "claude-sonnet-4-0",
    "claude-sonnet-4-2025",
];

/// Families in which some models answer in no more than 4 096 tokens.
const SHORT: &[&str] = &["claude-2", "claude-3", "claude-instant"];

/// Whether the model's answers can be bound to a schema.
pub(super) fn has_json_outputs(model: &Model) -> bool {
    !starts(model, WITHOUT_JSON_OUTPUTS)
}

/// The limit of an answer that sets none: below what each model takes, and short enough for an answer in one piece.
pub(super) fn usual_max_tokens(model: &Model) -> u32 {
    if starts(model, SHORT) { 4_096 } else { 16_000 }
}

fn starts(model: &Model, names: &[&str]) -> bool {
    names.iter().any(|name| model.api_name().starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_apart_by_their_names() {
        for (id, json_outputs, max_tokens) in [
            ("anthropic/claude-3-5-haiku-20241022", false, 4_096),
            ("anthropic/claude-sonnet-4-20250514", false, 16_000),
            ("anthropic/claude-opus-4-1", false, 16_000),
            ("anthropic/claude-opus-4-5-20251101", true, 16_000),
            ("anthropic/claude-haiku-4-5", true, 16_000),
        ] {
            let model = Model::new(id);
            assert_eq!((has_json_outputs(&model), usual_max_tokens(&model)), (json_outputs, max_tokens), "{id}");
        }
    }
}
