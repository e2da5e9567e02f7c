//! The JSON Schema subset of each kind of endpoint, as data, with source and date.

use serde_json::Value;

use crate::provider::{Model, SchemaSupport};

/// The JSON Schema subset that an endpoint supports.
#[derive(Debug)]
pub(in crate::provider) struct Rules {
    /// The page that documents it.
    pub(in crate::provider) source: &'static str,
    /// The date the page was read.
    pub(in crate::provider) read: &'static str,
    /// Whether every property is required; null marks an absent one.
    pub(super) complete: bool,
    /// Whether objects may have additional keys.
    pub(super) maps: bool,
    /// Whether arrays may have items by position.
    pub(super) tuples: bool,
    /// Whether a node may allow any JSON.
    pub(super) untyped: bool,
    pub(super) recursion: Recursion,
    pub(super) values: Values,
    /// Whether listed values come back in the case of the schema.
    pub(super) keeps_case: bool,
    /// The supported constraints.
    pub(super) keywords: Keywords,
    /// The supported values of `format`; `None` for all.
    pub(super) formats: Option<&'static [&'static str]>,
    /// Substrings that are not supported in a `pattern`.
    pub(super) not_in_patterns: &'static [&'static str],
    /// The largest supported `minItems`.
    pub(super) min_items: u64,
    pub(in crate::provider) limits: SizeLimits,
}

/// Where a schema may be recursive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recursion {
    Anywhere,
    /// Only beneath an optional property.
    BeneathOptional,
    Nowhere,
}

/// How values are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// A single value by `const`, several by `enum`.
    ConstAndEnum,
    /// By `enum`, and only strings and numbers.
    EnumOfNamesAndNumbers,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Keywords {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

/// The maximum size of a schema; `None` if no limit is known.
#[derive(Clone, Copy, Debug)]
pub(in crate::provider) struct SizeLimits {
    /// Properties of all objects.
    pub(in crate::provider) properties: Option<usize>,
    /// Nesting of objects.
    pub(in crate::provider) depth: Option<usize>,
    /// Values of all `enum`s.
    pub(in crate::provider) enum_values: Option<usize>,
    /// Characters of all names and listed values.
    pub(in crate::provider) letters: Option<usize>,
}

const UNLIMITED: SizeLimits = SizeLimits { properties: None, depth: None, enum_values: None, letters: None };

/// OpenAI and Azure: strict mode.
static OPENAI: Rules = Rules {
    source: "https://platform.openai.com/docs/guides/structured-outputs#supported-schemas",
    read: "2026-11-22",
    complete: true,
    maps: false,
    tuples: false,
    untyped: false,
    recursion: Recursion::Anywhere,
    values: Values::ConstAndEnum,
    keeps_case: true,
    keywords: Keywords::Only(&[
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "multipleOf",
        "pattern",
    ]),
    formats: Some(&["date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"]),
    // Look-around is not supported.
    not_in_patterns: &["(?"],
    min_items: u64::MAX,
    limits: SizeLimits { properties: Some(5_000), depth: Some(10), enum_values: Some(1_000), letters: Some(120_000) },
};

/// Claude: JSON outputs. Recursion, bounds, lengths and open objects are rejected with a 400.
static ANTHROPIC: Rules = Rules {
    source: "https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations",
    read: "2026-11-22",
    // Each null for an absent property would be a union, and unions are limited.
    complete: false,
    maps: false,
    tuples: false,
    untyped: false,
    recursion: Recursion::Nowhere,
    values: Values::ConstAndEnum,
    // The page warns that capitalization may differ.
    keeps_case: false,
    keywords: Keywords::Only(&["format", "minItems", "pattern"]),
    formats: Some(&["date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid"]),
    // Look-around, word boundaries and back-references are not supported.
    not_in_patterns: &["(?", r"\b", r"\B", r"\1", r"\2", r"\3", r"\4", r"\5", r"\6", r"\7", r"\8", r"\9"],
    min_items: 1,
    // Exceeding the limits does not fail the API call: the provider then asks for a tool call, which has none.
    limits: UNLIMITED,
};

/// Gemini: `responseJsonSchema`. Other keywords are silently ignored, so they go into the description instead.
static GEMINI: Rules = Rules {
    source: "https://ai.google.dev/api/generate-content#FIELDS.response_json_schema",
    read: "2026-11-22",
    complete: false,
    maps: true,
    tuples: true,
    untyped: false,
    recursion: Recursion::BeneathOptional,
    values: Values::EnumOfNamesAndNumbers,
    keeps_case: true,
    keywords: Keywords::Only(&["format", "maxItems", "maximum", "minItems", "minimum"]),
    formats: Some(&["date", "date-time", "time"]),
    not_in_patterns: &[],
    min_items: u64::MAX,
    limits: UNLIMITED,
};

/// Servers that build a grammar from a schema: llama.cpp, and with it Ollama and LM Studio; vLLM.
///
/// Omits whatever one of them rejects or does not enforce: in the description it at least reaches the model. vLLM's list is in
/// <https://github.com/vllm-project/vllm/blob/main/vllm/v1/structured_output/backend_xgrammar.py>.
static GRAMMAR: Rules = Rules {
    source: "https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md#json-schemas--gbnf",
    read: "2026-11-22",
    complete: false,
    maps: true,
    tuples: true,
    untyped: true,
    recursion: Recursion::Anywhere,
    values: Values::ConstAndEnum,
    keeps_case: true,
    keywords: Keywords::AllBut(&[
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "examples",
        "if",
        "maxContains",
        "maxProperties",
        "minContains",
        "minProperties",
        "multipleOf",
        "not",
        "propertyNames",
        "then",
        "uniqueItems",
    ]),
    formats: None,
    not_in_patterns: &[],
    min_items: u64::MAX,
    limits: UNLIMITED,
};

impl Rules {
    /// The rules for a model, if the provider in its name implies them.
    pub(super) const fn of_model(model: &Model) -> Option<&'static Self> {
        if model.is_served_by("openai") || model.is_served_by("azure") { Some(&OPENAI) } else { None }
    }

    /// The rules for a kind of schema support; `None` if the schema is sent unchanged or only read by the model.
    pub(in crate::provider) fn of(support: SchemaSupport) -> Option<&'static Self> {
        match support {
            SchemaSupport::Strict => Some(&OPENAI),
            SchemaSupport::Anthropic => Some(&ANTHROPIC),
            SchemaSupport::Gemini => Some(&GEMINI),
            SchemaSupport::Compatible => Some(&GRAMMAR),
            SchemaSupport::Full | SchemaSupport::JsonMode | SchemaSupport::None => None,
        }
    }

    /// Whether a constraint is supported in a schema.
    pub(super) fn takes(&self, keyword: &str, value: &Value) -> bool {
        let known = match self.keywords {
            Keywords::Only(keywords) => keywords.contains(&keyword),
            Keywords::AllBut(keywords) => !keywords.contains(&keyword),
        };
        known
            && match (keyword, value) {
                ("format", Value::String(format)) => self.formats.is_none_or(|formats| formats.contains(&&format[..])),
                ("pattern", Value::String(pattern)) => {
                    self.not_in_patterns.iter().all(|piece| !pattern.contains(piece))
                }
                ("minItems", value) => value.as_u64().is_some_and(|count| count <= self.min_items),
                _ => true,
            }
    }

    /// Whether values can be listed.
    pub(super) fn lists(&self, values: &[Value]) -> bool {
        match self.values {
            Values::ConstAndEnum => true,
            Values::EnumOfNamesAndNumbers => values.iter().all(|value| value.is_string() || value.is_number()),
        }
    }
}

impl SchemaSupport {
    /// Returns the page that documents what such an endpoint supports, and the date it was read (year, month, day); `None` if the
    /// schema is sent unchanged or only read by the model.
    pub fn source(self) -> Option<(&'static str, &'static str)> {
        Rules::of(self).map(|rules| (rules.source, rules.read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_says_where_and_when_it_was_read() {
        for rules in [&OPENAI, &ANTHROPIC, &GEMINI, &GRAMMAR] {
            assert!(rules.source.starts_with("https://"), "{}", rules.source);
            assert!(rules.read.len() == 10 && rules.read.starts_with("20"), "{}", rules.read);
        }
    }

    #[test]
    fn a_keyword_is_taken_by_its_value_too() {
        let (one, two) = (Value::from(1), Value::from(2));
        assert!(ANTHROPIC.takes("minItems", &one) && !ANTHROPIC.takes("minItems", &two));
        assert!(OPENAI.takes("minItems", &two) && !OPENAI.takes("minLength", &one));
        assert!(OPENAI.takes("pattern", &"^a$".into()) && !OPENAI.takes("pattern", &"(?=a)".into()));
        assert!(ANTHROPIC.takes("format", &"uri".into()) && !OPENAI.takes("format", &"uri".into()));
        assert!(!GRAMMAR.takes("uniqueItems", &true.into()) && GRAMMAR.takes("maxLength", &two));
    }
}
