//! Differences between Claude models.

use serde_json::Value;

use crate::provider::Model;

/// Models without JSON outputs, by prefix.
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

/// Models that reject a forced choice of tools, by prefix.
/// Source: <https://platform.claude.com/docs/en/about-claude/models/migration-guide>, 2026-11-24.
const WITHOUT_FORCE: &[&str] = &["claude-fable-5", "claude-mythos", "claude-opus-5-5"];

/// Families with models whose output limit is 4,096 tokens.
const SHORT: &[&str] = &["claude-2", "claude-3", "claude-instant"];

pub(super) fn has_json_outputs(model: &Model) -> bool {
    !starts(model, WITHOUT_JSON_OUTPUTS)
}

/// Whether a model can be forced to call a tool: not while it thinks within a budget.
/// See <https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use>.
pub(super) fn can_be_forced(model: &Model) -> bool {
    let given = model.get_extra().iter().find(|(name, _)| *name == "thinking");
    let given = given.and_then(|(_, text)| serde_json::from_str(text).ok());
    !thinks(given.as_ref()) && !starts(model, WITHOUT_FORCE)
}

/// Whether the parameter `thinking` asks for thoughts within a budget.
pub(super) fn thinks(thinking: Option<&Value>) -> bool {
    thinking.is_some_and(|thinking| thinking["type"] == "enabled")
}

/// The default token limit: accepted by every model, and short enough for a response without streaming.
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

    #[test]
    fn a_model_that_thinks_cannot_be_forced() {
        const HAIKU: Model = Model::new("anthropic/claude-haiku-4-5");
        for (model, forced) in [
            (HAIKU, true),
            (HAIKU.extra(&[("thinking", r#"{"type": "enabled", "budget_tokens": 1024}"#)]), false),
            (HAIKU.extra(&[("thinking", r#"{"type": "disabled"}"#)]), true),
            (Model::new("anthropic/claude-opus-5-5"), false),
        ] {
            assert_eq!(can_be_forced(&model), forced, "{}", model.id());
        }
    }
}
