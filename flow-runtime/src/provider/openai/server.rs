//! Differences between servers with OpenAI's APIs, as data.

use super::api::{self, Api};
use super::attached;
use super::effort_with_tools::{self, Limits, WithTools};
use crate::media::MediaKind;
use crate::provider::attached::Taken;
use crate::provider::calls::CallIds;
use crate::provider::effort::{self, Table};
use crate::provider::{Capabilities, MediaKinds, Model, SchemaSupport};

#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) capabilities: Capabilities,
    /// The parameter that limits the tokens of an answer.
    pub(super) token_limit: &'static str,
    /// Models whose reasoning is sent back with their tool calls, by prefix of the name after the last slash; all models if empty.
    pub(super) reasons_back: &'static [&'static str],
    /// Whether the reasoning of a conversation with tools has to be there in each message of the assistant.
    reasoning_is_required: bool,
    /// Whether a stream reports its tokens only if its options ask for them.
    pub(super) stream_options: bool,
    /// Whether it accepts a `prompt_cache_key`.
    pub(super) prompt_cache_key: bool,
    /// The attachments that it accepts.
    pub(super) attached: &'static Taken,
    /// The ids of calls that it accepts.
    call_ids: CallIds,
    /// Models that limit their effort beside tools in chat completions.
    with_tools: Limits,
    /// Models that only the Responses API serves, by words of their names.
    only_responses: &'static [&'static str],
    /// Whether the Responses API takes system messages as instructions.
    pub(super) instructions: bool,
    /// Whether the Responses API encrypts reasoning for the way back.
    encrypts_reasoning: bool,
    /// Models that do not reason, by prefix: they reject reasoning, and a request for it.
    unreasoning: &'static [(&'static str, ())],
    /// Models with other capabilities, by prefix of the name after the last slash.
    models: &'static [(&'static str, Capabilities)],
    /// Models with other effort levels than elsewhere.
    efforts: Table,
}

impl Server {
    /// The server's capabilities for a model.
    pub(super) fn capabilities(&self, model: &Model) -> Capabilities {
        let able = effort::by_name(self.models, model).unwrap_or(&self.capabilities);
        able.tools(self.with_tools(model) != Some(WithTools::Never))
    }

    /// What a model accepts as its effort beside tools, if that is limited.
    pub(super) fn with_tools(&self, model: &Model) -> Option<WithTools> {
        effort_with_tools::limit(self.with_tools, model)
    }

    /// The API that serves a request of a model, with tools or without.
    pub(super) fn api(&self, model: &Model, has_tools: bool) -> Api {
        let is_apart = has_tools && self.with_tools(model).is_some();
        if is_apart || Api::has_word(self.only_responses, model) { Api::Responses } else { Api::Chat }
    }

    /// Whether a model takes reasoning items in the Responses API.
    pub(super) fn reasons(&self, model: &Model) -> bool {
        effort::by_name(self.unreasoning, model).is_none()
    }

    /// Whether a model's reasoning can be asked for in encrypted form.
    pub(super) fn encrypts_reasoning(&self, model: &Model) -> bool {
        self.encrypts_reasoning && self.reasons(model)
    }

    /// The ids of calls that a model accepts.
    pub(super) fn call_ids(&self, model: &Model) -> CallIds {
        if effort::by_name(MISTRALS, model).is_some() { CallIds::MISTRAL } else { self.call_ids }
    }

    /// Whether a request of a model needs the reasoning of all earlier messages.
    pub(super) fn requires_reasoning(&self, model: &Model) -> bool {
        let thinks = model.get_extra().iter().all(|(name, text)| *name != "thinking" || !text.contains("disabled"));
        self.reasoning_is_required && thinks && !model.api_name().starts_with("deepseek-chat")
    }

    /// Whether a model takes its own reasoning back.
    pub(super) fn takes_reasoning(&self, model: &Model) -> bool {
        let name = model.api_name().rsplit('/').next().unwrap_or_default();
        self.reasons_back.is_empty() || self.reasons_back.iter().any(|start| name.starts_with(start))
    }

    /// The effort levels of a model on this server.
    pub(super) fn effort(&self, model: &Model) -> Table {
        if effort::find(self.efforts, model).is_some() { self.efforts } else { effort::CHAT }
    }

    /// The known server at a host.
    pub(super) fn at(host: &str) -> Option<&'static Self> {
        let host = host.to_ascii_lowercase();
        let known = HOSTS.iter().find(|(name, _)| *name == host).map(|(_, server)| *server);
        known.or_else(|| AZURE_HOSTS.iter().any(|end| host.ends_with(end)).then_some(&AZURE))
    }
}

/// Servers known by their hosts.
const HOSTS: &[(&str, &Server)] = &[
    ("api.deepseek.com", &DEEPSEEK),
    ("api.groq.com", &GROQ),
    ("api.mistral.ai", &MISTRAL),
    ("api.openai.com", &OFFICIAL),
    ("api.x.ai", &XAI),
    ("openrouter.ai", &OPENROUTER),
];

/// The ends of Azure's hosts, which begin with the name of a resource.
const AZURE_HOSTS: &[&str] = &[".cognitiveservices.azure.com", ".openai.azure.com"];

/// Mistral's models, whose template checks the ids of calls wherever they are served.
const MISTRALS: &[(&str, ())] =
    &[("codestral", ()), ("devstral", ()), ("magistral", ()), ("ministral", ()), ("mistral", ()), ("pixtral", ())];

const IMAGES: MediaKinds = MediaKinds::of(&[MediaKind::Image]);

/// A grammar forces the model to follow the schema, but the model does not see it.
const UNSEEN: Capabilities = Capabilities::new(SchemaSupport::Compatible).in_prompt().media(MediaKinds::ALL);

/// OpenAI rejects the older `max_tokens` for its current models.
/// Source: <https://platform.openai.com/docs/api-reference/chat/create>, 2026-11-22.
pub(super) const OPENAI: Server = Server {
    capabilities: Capabilities::new(SchemaSupport::Strict).strict_tools(true).media(MediaKinds::ALL),
    token_limit: "max_completion_tokens",
    prompt_cache_key: true,
    call_ids: CallIds::OPENAI,
    with_tools: effort_with_tools::OPENAI,
    only_responses: api::ONLY_RESPONSES,
    instructions: true,
    encrypts_reasoning: true,
    unreasoning: UNREASONING,
    ..OTHER
};

static OFFICIAL: Server = OPENAI;

/// Azure has OpenAI's models, with the same rules.
/// See <https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs>.
pub(super) static AZURE: Server = OPENAI;

/// Models that answer reasoning with "Reasoning input items can only be provided to a reasoning or computer use model", and a
/// request for it with "Encrypted content is not supported with this model".
const UNREASONING: &[(&str, ())] = &[("chatgpt-4o", ()), ("gpt-3", ()), ("gpt-4", ())];

/// xAI's Responses API encrypts reasoning like OpenAI's.
/// See <https://docs.x.ai/docs/guides/reasoning>.
static XAI: Server = Server { encrypts_reasoning: true, ..OTHER };

/// DeepSeek rejects a schema with a 400. Its thinking models accept no other tool choice than the default.
/// Once tools were called they reject messages without reasoning.
/// See <https://api-docs.deepseek.com/guides/json_mode>, <https://api-docs.deepseek.com/guides/thinking_mode#tool-calls>. Messages
/// are texts: <https://api-docs.deepseek.com/api/create-chat-completion>.
static DEEPSEEK: Server = Server {
    capabilities: Capabilities::new(SchemaSupport::JsonMode).tool_choice_none(false),
    reasoning_is_required: true,
    ..OTHER
};

/// Some endpoints behind OpenRouter reject a tool choice with a 404.
///
/// Its Responses API encrypts reasoning like OpenAI's, see <https://openrouter.ai/docs/api/reference/responses/reasoning>.
static OPENROUTER: Server = Server { capabilities: UNSEEN.tool_choice_none(false), encrypts_reasoning: true, ..OTHER };

/// Groq accepts schemas for a few models, and rejects them with a 400 for all others.
/// See <https://console.groq.com/docs/structured-outputs>.
///
/// Schemas and JSON mode are rejected with a 400 beside tools, and reasoning that is sent back by all but one family. Of attachments,
/// some models take pictures: <https://console.groq.com/docs/vision>.
static GROQ: Server = Server {
    capabilities: Capabilities::new(SchemaSupport::JsonMode).media(IMAGES),
    models: &[("gpt-oss", Capabilities::new(SchemaSupport::Strict).schema_with_tools(false))],
    efforts: effort::GROQ,
    reasons_back: &["gpt-oss"],
    ..OTHER
};

/// Mistral checks the ids of calls of all models, those with other names too. Streams report their tokens, and options for that
/// are a 422: <https://github.com/cline/cline/issues/582>, <https://github.com/dnakov/anon-kode/issues/53>.
/// PDF documents and audio have forms of their own there: <https://docs.mistral.ai/capabilities/vision>.
static MISTRAL: Server =
    Server { call_ids: CallIds::MISTRAL, stream_options: false, capabilities: UNSEEN.media(IMAGES), ..OTHER };

/// Ollama recommends repeating the schema in the prompt, and supports only the older limit.
/// Source: <https://docs.ollama.com/capabilities/structured-outputs>, <https://docs.ollama.com/api/openai-compatibility>,
/// 2026-11-22. The grammar of a schema rules out tool calls, and `tool_choice` is ignored.
/// Of attachments it takes the bytes of pictures.
pub(super) static OLLAMA: Server =
    Server { capabilities: UNSEEN.tool_choice_none(false).media(IMAGES), attached: &attached::BYTES, ..OTHER };

/// The prompt's token count is the same with and without a schema, so the model does not see it. Unknown parameters are ignored.
/// Source: llama-server 0.5.0, tried on 2026-11-22.
/// Tools and a schema together give valid JSON once the model calls no more tools.
pub(super) static LLAMA_CPP: Server = Server { capabilities: UNSEEN.schema_with_tools(true), ..OTHER };

/// vLLM documents the older limit as deprecated.
/// Source: <https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>, 2026-11-22.
pub(super) static VLLM: Server = Server { token_limit: "max_completion_tokens", ..OTHER };

/// Any other server is assumed to support only what all of them do.
pub(super) const OTHER: Server = Server {
    capabilities: UNSEEN,
    token_limit: "max_tokens",
    reasoning_is_required: false,
    stream_options: true,
    prompt_cache_key: false,
    attached: &attached::CHAT,
    call_ids: CallIds::ANY,
    with_tools: &[],
    only_responses: &[],
    instructions: false,
    encrypts_reasoning: false,
    unreasoning: &[],
    reasons_back: &[],
    models: &[],
    efforts: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_asked_where_it_is_served() {
        use Api::{Chat, Responses};
        for (id, plain, with_tools) in [
            ("openai/gpt-4o", Chat, Chat),
            ("openai/gpt-5-mini", Chat, Chat),
            ("openai/gpt-5-pro", Responses, Responses),
            ("openai/gpt-5.4-pro-2026-03-05", Responses, Responses),
            ("openai/o3-pro", Responses, Responses),
            ("openai/gpt-5.1-codex-max", Responses, Responses),
            ("openai/codex-mini-latest", Responses, Responses),
            ("openai/o4-mini-deep-research", Responses, Responses),
            ("openai/computer-use-preview", Responses, Responses),
            ("openai/gpt-5.4-mini", Chat, Responses),
            ("openai/gpt-5.5", Chat, Responses),
            ("openai/gpt-5.6-sol", Chat, Responses),
            ("openai/gpt-6-luna", Chat, Responses),
            ("openai/gpt-6.1-sol", Chat, Responses),
            ("openai/gpt-5-prophet", Chat, Chat),
        ] {
            let model = Model::new(id);
            assert_eq!((OPENAI.api(&model, false), OPENAI.api(&model, true)), (plain, with_tools), "{id}");
            assert_eq!(OTHER.api(&model, true), Chat, "{id}");
        }
    }
}
