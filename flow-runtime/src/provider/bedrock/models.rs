//! Differences between the models of Bedrock, as data. Names are without the region of an inference profile.

use crate::provider::{Capabilities, Effort, Model, SchemaSupport};

/// The regions that begin the names of inference profiles.
const REGIONS: &[&str] = &["apac", "au", "ca", "eu", "global", "jp", "me", "sa", "us", "us-gov"];

/// Models that take an output schema, by prefix.
/// See <https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html>.
const WITH_SCHEMA: &[&str] = &[
    "anthropic.claude-",
    "deepseek.v3",
    "google.gemma-3",
    "minimax.",
    "mistral.magistral",
    "mistral.ministral",
    "mistral.mistral-large-3",
    "mistral.voxtral",
    "moonshot",
    "nvidia.nemotron",
    "openai.gpt-oss",
    "qwen.qwen3",
    "zai.glm",
];

/// Models among them that do not, by prefix: the Claude models before 4.5.
const WITHOUT_SCHEMA: &[&str] = &[
    "anthropic.claude-3",
    "anthropic.claude-instant",
    "anthropic.claude-opus-4-1",
    "anthropic.claude-opus-4-2025",
    "anthropic.claude-sonnet-4-2025",
    "anthropic.claude-v2",
];

/// Models that reject tools, by prefix.
/// See <https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html>.
const WITHOUT_TOOLS: &[&str] = &[
    "ai21.j2",
    "ai21.jamba-instruct",
    "amazon.titan",
    "anthropic.claude-instant",
    "anthropic.claude-v2",
    "cohere.command-light",
    "cohere.command-text",
    "deepseek.r1",
    "meta.llama2",
    "meta.llama3-70b",
    "meta.llama3-8b",
    "meta.llama3-2-1b",
    "meta.llama3-2-3b",
    "mistral.mistral-7b",
    "mistral.mixtral",
];

/// Models that take the status of a tool result, and that take cache points, by prefix.
/// See <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html>,
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>.
const WITH_STATUS_AND_CACHE: &[&str] = &["amazon.nova", "anthropic.claude-"];

/// What the endpoint supports for a model. No model can be told to call no tool, and only Claude is known to call tools beside an
/// output schema.
pub(super) fn capabilities(model: &Model) -> Capabilities {
    let takes_schema = starts(model, WITH_SCHEMA) && !starts(model, WITHOUT_SCHEMA);
    let support = if takes_schema { SchemaSupport::Anthropic } else { SchemaSupport::None };
    Capabilities::new(support)
        .schema_with_tools(takes_schema && is_claude(model))
        .tool_choice_none(false)
        .tools(!starts(model, WITHOUT_TOOLS))
}

/// Whether a model takes its thoughts back, which it then requires: others reject the block.
pub(super) fn is_claude(model: &Model) -> bool {
    name(model).starts_with("anthropic.claude-")
}

/// Whether tool results may have a status.
pub(super) fn takes_status(model: &Model) -> bool {
    starts(model, WITH_STATUS_AND_CACHE)
}

/// Whether prompts may have cache points.
pub(super) fn takes_cache_points(model: &Model) -> bool {
    starts(model, WITH_STATUS_AND_CACHE)
}

/// The levels for each effort, from `Minimal` to `High`, and the field of the model that takes them, by prefix. For other models none
/// is sent.
/// See <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html>,
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html>.
const EFFORTS: &[(&str, &str)] = &[
    ("openai.gpt-oss", "/reasoning_effort"),
    ("anthropic.claude-opus-4-6", CLAUDE),
    ("anthropic.claude-opus-4-7", CLAUDE),
    ("anthropic.claude-opus-4-8", CLAUDE),
    ("anthropic.claude-opus-5", CLAUDE),
    ("anthropic.claude-sonnet-4-6", CLAUDE),
    ("anthropic.claude-sonnet-5", CLAUDE),
];

const CLAUDE: &str = "/output_config/effort";

/// The field for a model's effort, as a path.
pub(super) fn effort_field(model: &Model) -> Option<&'static str> {
    let name = name(model);
    EFFORTS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, field)| *field)
}

/// The level for an effort. All models with such a field have the same.
pub(super) const fn level(effort: Effort) -> &'static str {
    match effort {
        Effort::Minimal | Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
    }
}

fn starts(model: &Model, names: &[&str]) -> bool {
    let name = name(model);
    names.iter().any(|start| name.starts_with(start))
}

/// The name without the region of an inference profile, and without the rest of an ARN.
fn name(model: &Model) -> &str {
    let name = model.api_name().rsplit('/').next().unwrap_or_default();
    match name.split_once('.') {
        Some((region, rest)) if REGIONS.contains(&region) => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_apart_by_their_names() {
        use SchemaSupport::{Anthropic, None};
        for (id, schema, tools, with_tools) in [
            ("bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", Anthropic, true, true),
            ("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", Anthropic, true, true),
            ("bedrock/us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0", None, true, false),
            ("bedrock/global.anthropic.claude-sonnet-4-20250514-v1:0", None, true, false),
            ("bedrock/anthropic.claude-v2", None, false, false),
            ("bedrock/us.amazon.nova-2-lite-v1:0", None, true, false),
            ("bedrock/openai.gpt-oss-120b-1:0", Anthropic, true, false),
            ("bedrock/meta.llama3-8b-instruct-v1:0", None, false, false),
            ("bedrock/us.meta.llama3-1-8b-instruct-v1:0", None, true, false),
            (
                "bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/eu.anthropic.claude-opus-4-6-v1",
                Anthropic,
                true,
                true,
            ),
            ("bedrock/arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2", None, true, false),
        ] {
            let able = capabilities(&Model::new(id));
            assert_eq!((able.schema, able.tools, able.schema_with_tools), (schema, tools, with_tools), "{id}");
            assert_eq!((able.schema_in_prompt, able.tool_choice_none), (schema == None, false), "{id}");
        }
    }
}
