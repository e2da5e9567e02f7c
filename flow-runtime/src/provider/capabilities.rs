//! The capabilities of an endpoint.

use super::MediaKinds;

/// What kind of schema an endpoint supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// How the schemas of tools are adapted: an endpoint without schemas for answers still reads those of tools.
    pub(crate) fn of_tools(self) -> Self {
        match self {
            Self::JsonMode | Self::None => Self::Compatible,
            other => other,
        }
    }

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
///
/// ```
/// use flow_runtime::media::MediaKind;
/// use flow_runtime::provider::{Capabilities, MediaKinds};
///
/// assert_eq!(Capabilities::default().media, MediaKinds::NONE);
/// let sees = Capabilities::default().media(MediaKinds::of(&[MediaKind::Image]));
/// assert!(sees.media.contains(MediaKind::Image));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// What kind of schema the endpoint supports.
    pub schema: SchemaSupport,
    /// Whether the schema is also written into the prompt.
    pub schema_in_prompt: bool,
    /// Whether a request may have tools.
    pub tools: bool,
    /// Whether the endpoint holds a model to the schemas of its tools. Schemas within its limits are then sent as strict.
    pub strict_tools: bool,
    /// Whether a request may have tools and an answer schema. Otherwise the schema is written into the prompt while tools are
    /// offered.
    pub schema_with_tools: bool,
    /// Whether a request may offer tools and forbid calling them. Otherwise the last turn of a conversation offers none.
    pub tool_choice_none: bool,
    /// The kinds of attachments that a prompt may have. None, unless set: a provider that reads only the text of messages would
    /// drop attachments.
    pub media: MediaKinds,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self::new(SchemaSupport::default())
    }
}

impl Capabilities {
    /// Creates the capabilities for a kind of schema. If the endpoint supports none, the schema is written into the prompt.
    pub const fn new(schema: SchemaSupport) -> Self {
        let in_words = matches!(schema, SchemaSupport::JsonMode | SchemaSupport::None);
        let with_tools = !in_words && !matches!(schema, SchemaSupport::Compatible);
        Self {
            schema,
            schema_in_prompt: in_words,
            tools: true,
            strict_tools: false,
            schema_with_tools: with_tools,
            tool_choice_none: true,
            media: MediaKinds::NONE,
        }
    }

    /// Like [`new`](Self::new), for a name from configuration. Endpoints that build grammars are assumed not to show the schema
    /// to the model.
    pub fn named(name: &str) -> Option<Self> {
        let support = SchemaSupport::named(name)?;
        let able = Self::new(support);
        Some(if support == SchemaSupport::Compatible { able.in_prompt() } else { able })
    }

    /// Sets whether a request may have tools; it may, unless set.
    #[must_use]
    pub const fn tools(mut self, is_accepted: bool) -> Self {
        self.tools = is_accepted;
        self
    }

    /// Sets whether the endpoint holds a model to the schemas of its tools; it does not, unless set.
    #[must_use]
    pub const fn strict_tools(mut self, is_strict: bool) -> Self {
        self.strict_tools = is_strict;
        self
    }

    /// Sets whether a request may have tools and an answer schema; for [`Compatible`](SchemaSupport::Compatible),
    /// [`JsonMode`](SchemaSupport::JsonMode) and [`None`](SchemaSupport::None) it may not, unless set.
    #[must_use]
    pub const fn schema_with_tools(mut self, is_accepted: bool) -> Self {
        self.schema_with_tools = is_accepted;
        self
    }

    /// Sets whether a request may offer tools and forbid calling them; it may, unless set.
    #[must_use]
    pub const fn tool_choice_none(mut self, is_accepted: bool) -> Self {
        self.tool_choice_none = is_accepted;
        self
    }

    /// Sets the kinds of attachments that a prompt may have; it may have none, unless set.
    #[must_use]
    pub const fn media(mut self, kinds: MediaKinds) -> Self {
        self.media = kinds;
        self
    }

    /// Also writes the schema into the prompt, for endpoints that enforce it without showing it to the model.
    #[must_use]
    pub const fn in_prompt(mut self) -> Self {
        self.schema_in_prompt = true;
        self
    }
}
