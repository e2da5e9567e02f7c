//! What an endpoint can do.

use super::lower::Rules;

/// How an endpoint takes a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaSupport {
    /// The schema as it is.
    #[default]
    Full,
    /// The subset that OpenAI calls strict: closed objects, every property required.
    Strict,
    /// The subset of Claude's JSON outputs: closed objects, no recursion, no bounds.
    Anthropic,
    /// The subset of Gemini's `responseJsonSchema`: recursion only beneath optional properties, few keywords.
    Gemini,
    /// What servers that build a grammar from a schema understand (llama.cpp, Ollama, vLLM, LM Studio): the schema in
    /// plain words, no keyword beside a reference, nothing untyped.
    Compatible,
    /// Only "answer in JSON": the schema goes into the prompt.
    JsonMode,
    /// Nothing: the schema goes into the prompt and the answer is searched for JSON.
    None,
}

impl SchemaSupport {
    /// The page that says what such an endpoint takes, and the day on which it said so (year, month, day); `None` where a schema
    /// is sent as it is, or only read by the model.
    pub fn source(self) -> Option<(&'static str, &'static str)> {
        Rules::of(self).map(|rules| (rules.source, rules.read))
    }
}

/// What an endpoint can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// How the endpoint takes a schema.
    pub schema: SchemaSupport,
    /// The schema is also written into the prompt.
    pub schema_in_prompt: bool,
}

impl Capabilities {
    /// An endpoint that takes schemas in this way. Where it takes none, the schema is written into the prompt.
    pub const fn new(schema: SchemaSupport) -> Self {
        Self { schema, schema_in_prompt: matches!(schema, SchemaSupport::JsonMode | SchemaSupport::None) }
    }

    /// The schema is written into the prompt as well: the endpoint enforces it, but does not show it to the model.
    #[must_use]
    pub const fn in_prompt(mut self) -> Self {
        self.schema_in_prompt = true;
        self
    }
}
