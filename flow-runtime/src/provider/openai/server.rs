//! What servers that speak chat completions differ in, as data.

use crate::provider::{Capabilities, SchemaSupport};

/// A kind of server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) capabilities: Capabilities,
    /// The parameter that limits an answer.
    pub(super) token_limit: &'static str,
    /// Whether it takes a `prompt_cache_key`.
    pub(super) prompt_cache_key: bool,
}

/// A grammar holds the model to the schema, but the model does not see it.
const UNSEEN: Capabilities = Capabilities::new(SchemaSupport::Compatible).in_prompt();

/// OpenAI refuses the older `max_tokens` for its current models.
/// Source: <https://platform.openai.com/docs/api-reference/chat/create>, 2026-11-22.
pub(super) static OPENAI: Server = Server {
    capabilities: Capabilities::new(SchemaSupport::Strict),
    token_limit: "max_completion_tokens",
    prompt_cache_key: true,
};

/// Ollama advises to repeat the schema in the prompt, and knows the older limit only.
/// Source: <https://docs.ollama.com/capabilities/structured-outputs>, <https://docs.ollama.com/api/openai-compatibility>,
/// 2026-11-22.
pub(super) static OLLAMA: Server = OTHER;

/// The prompt's token count is the same with and without a schema; an unknown parameter is passed over.
/// Source: llama-server 0.5.0, tried on 2026-11-22.
pub(super) static LLAMA_CPP: Server = OTHER;

/// vLLM calls the older limit deprecated.
/// Source: <https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>, 2026-11-22.
pub(super) static VLLM: Server = Server { token_limit: "max_completion_tokens", ..OTHER };

/// Any other server is taken for the least of them.
pub(super) const OTHER: Server = Server { capabilities: UNSEEN, token_limit: "max_tokens", prompt_cache_key: false };
