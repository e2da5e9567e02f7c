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

/// The names by which a configuration says how an endpoint takes a schema.
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
    /// The names that [`named`](Self::named) knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The one of a name, as a configuration gives it: `json` is [`JsonMode`](Self::JsonMode).
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, support)| *support)
    }

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

    /// As [`new`](Self::new), for a kind of endpoint that a configuration names: one that builds grammars is taken not to show
    /// them to the model.
    pub fn named(name: &str) -> Option<Self> {
        let support = SchemaSupport::named(name)?;
        let able = Self::new(support);
        Some(if support == SchemaSupport::Compatible { able.in_prompt() } else { able })
    }

    /// The schema is written into the prompt as well: the endpoint enforces it, but does not show it to the model.
    #[must_use]
    pub const fn in_prompt(mut self) -> Self {
        self.schema_in_prompt = true;
        self
    }
}
