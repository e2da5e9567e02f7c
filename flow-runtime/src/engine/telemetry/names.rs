//! Names of span attributes.
//!
//! The names in `gen_ai` and `error` are OpenTelemetry's semantic conventions for generative AI, status Development, as
//! of 2026-11-24: <https://github.com/open-telemetry/semantic-conventions-genai>. Contents of prompts and answers are
//! opt-in there; here they never appear on a span.

pub(super) const OPERATION: &str = "gen_ai.operation.name";
pub(super) const WORKFLOW: &str = "gen_ai.workflow.name";
pub(super) const PROVIDER: &str = "gen_ai.provider.name";
pub(super) const OUTPUT_TYPE: &str = "gen_ai.output.type";
pub(super) const REQUEST_MODEL: &str = "gen_ai.request.model";
pub(super) const REQUEST_MAX_TOKENS: &str = "gen_ai.request.max_tokens";
pub(super) const REQUEST_TEMPERATURE: &str = "gen_ai.request.temperature";
pub(super) const INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
pub(super) const OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
pub(super) const CACHE_READ_TOKENS: &str = "gen_ai.usage.cache_read.input_tokens";
pub(super) const CACHE_CREATION_TOKENS: &str = "gen_ai.usage.cache_creation.input_tokens";
pub(super) const REASONING_TOKENS: &str = "gen_ai.usage.reasoning.output_tokens";
pub(super) const RESPONSE_MODEL: &str = "gen_ai.response.model";
pub(super) const RESPONSE_ID: &str = "gen_ai.response.id";
/// A list, written as JSON because fields of `tracing` cannot hold lists.
pub(super) const FINISH_REASONS: &str = "gen_ai.response.finish_reasons";
pub(super) const SERVER_ADDRESS: &str = "server.address";
pub(super) const SERVER_PORT: &str = "server.port";
pub(super) const ERROR_TYPE: &str = "error.type";

// Our own attributes, for which the conventions have no name.
pub(super) const RUN: &str = "flow.run.id";
pub(super) const STEP: &str = "flow.step.name";
pub(super) const STEP_KIND: &str = "flow.step.kind";
pub(super) const PLACE: &str = "flow.step.place";
pub(super) const ATTEMPT: &str = "flow.attempt";
/// In billionths of a dollar.
pub(super) const COST: &str = "flow.cost.nano_usd";

// Attributes that the OpenTelemetry layer interprets: <https://docs.rs/tracing-opentelemetry/0.34.0>.
pub(super) const NAME: &str = "otel.name";
pub(super) const KIND: &str = "otel.kind";
pub(super) const STATUS: &str = "otel.status_code";

/// The values of [`OPERATION`].
pub(super) mod operation {
    pub(in super::super) const WORKFLOW: &str = "invoke_workflow";
    pub(in super::super) const CHAT: &str = "chat";
    pub(in super::super) const GENERATE_CONTENT: &str = "generate_content";
}

/// Returns the value of [`PROVIDER`] for the part of a model's name before the slash: the conventions' well-known name,
/// if there is one.
pub(super) fn provider(name: &str) -> &str {
    match name {
        "azure" => "azure.ai.openai",
        "bedrock" => "aws.bedrock",
        "gemini" => "gcp.gemini",
        "mistral" => "mistral_ai",
        "moonshot" => "moonshot_ai",
        "vertex" => "gcp.vertex_ai",
        "watsonx" => "ibm.watsonx.ai",
        "xai" => "x_ai",
        name => name,
    }
}

/// Returns the value of [`OPERATION`] for a call of a provider's model.
pub(super) fn operation(provider: &str) -> &'static str {
    if provider == "gemini" { operation::GENERATE_CONTENT } else { operation::CHAT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_have_the_names_of_the_conventions() {
        for (name, known) in [
            ("openai", "openai"),
            ("anthropic", "anthropic"),
            ("deepseek", "deepseek"),
            ("groq", "groq"),
            ("gemini", "gcp.gemini"),
            ("mistral", "mistral_ai"),
            ("xai", "x_ai"),
            ("local", "local"),
        ] {
            assert_eq!(provider(name), known);
        }
    }
}
