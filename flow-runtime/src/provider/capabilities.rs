//! The capabilities of an endpoint.

/// What kind of schema an endpoint supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaSupport {
    /// The schema, unchanged.
    #[default]
    Full,
    /// The subset that OpenAI calls strict: closed objects, every property required.
    Strict,
    /// The subset of Claude's JSON outputs: closed objects, no recursion, no bounds.
    Anthropic,
    /// The subset of Gemini's `responseJsonSchema`: recursion only beneath optional properties, few keywords.
    Gemini,
    /// What servers that build a grammar from a schema understand (llama.cpp, Ollama, vLLM, LM Studio): simple schemas, no
    /// keyword beside a reference, nothing untyped.
    Compatible,
    /// Only "answer in JSON": the schema goes into the prompt.
    JsonMode,
    /// Nothing: the schema goes into the prompt, and JSON is searched for in the answer.
    None,
}

/// The names of the schema levels in configuration.
const NAMES: &[(&str, SchemaSupport)] = &[
    ("anthropic", SchemaSupport::Anthropic),
    ("compatible", SchemaSupport::Compatible),
    ("full", SchemaSupport::Full),
    ("gemini", SchemaSupport::Gemini),
    ("json", SchemaSupport::JsonMode),
    ("none", SchemaSupport::None),
    ("strict", SchemaSupport::Strict),
];

impl SchemaSupport {
    /// Returns the names that [`named`](Self::named) accepts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// Returns the level with a name as used in configuration: `json` is [`JsonMode`](Self::JsonMode).
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, support)| *support)
    }
}

/// What an endpoint supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// What kind of schema the endpoint supports.
    pub schema: SchemaSupport,
    /// Whether the schema is also written into the prompt.
    pub schema_in_prompt: bool,
}

impl Capabilities {
    /// Creates the capabilities for a kind of schema. If the endpoint supports none, the schema is written into the prompt.
    pub const fn new(schema: SchemaSupport) -> Self {
        Self { schema, schema_in_prompt: matches!(schema, SchemaSupport::JsonMode | SchemaSupport::None) }
    }

    /// Like [`new`](Self::new), for a name from configuration. Endpoints that build grammars are assumed not to show the schema
    /// to the model.
    pub fn named(name: &str) -> Option<Self> {
        let support = SchemaSupport::named(name)?;
        let able = Self::new(support);
        Some(if support == SchemaSupport::Compatible { able.in_prompt() } else { able })
    }

    /// Also writes the schema into the prompt, for endpoints that enforce it without showing it to the model.
    #[must_use]
    pub const fn in_prompt(mut self) -> Self {
        self.schema_in_prompt = true;
        self
    }
}
