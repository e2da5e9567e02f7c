//! What each kind of provider receives as the answer schema of a model step.

use serde_json::{Map, Value, json};

use super::{Kind, Meta};
use crate::contract::{Direction, Shape};
use crate::provider::{Dropped, SchemaSupport, lower, too_large};

/// The kinds of endpoints with their own schema support, by the name of a provider.
const ENDPOINTS: [(&str, SchemaSupport); 4] = [
    ("openai", SchemaSupport::Strict),
    ("anthropic", SchemaSupport::Anthropic),
    ("gemini", SchemaSupport::Gemini),
    ("grammar (llama.cpp, Ollama, vLLM)", SchemaSupport::Compatible),
];

/// One entry per model step, by name.
pub(super) fn render(meta: &'static Meta) -> Value {
    let steps = meta.reachable().into_iter().filter(|part| part.kind == Kind::Model);
    steps.map(|step| (step.name.to_owned(), portability(step))).collect::<Map<_, _>>().into()
}

fn portability(step: &'static Meta) -> Value {
    if matches!(step.output.shape, Shape::Str { format: None }) {
        return json!("free text, without a schema");
    }
    let schema = (step.output.schema)(Direction::Read);
    ENDPOINTS.iter().map(|(name, support)| ((*name).to_owned(), sent(&schema, *support))).collect::<Map<_, _>>().into()
}

fn sent(schema: &Value, support: SchemaSupport) -> Value {
    let lowered = lower(schema, support);
    let in_words: Vec<_> = lowered.dropped.iter().map(in_words).collect();
    let (source, read) = support.source().unwrap_or_default();
    json!({
        "refused": too_large(&lowered.schema, support),
        "in_words": in_words,
        "schema": lowered.schema,
        "source": source,
        "read": read,
    })
}

fn in_words(dropped: &Dropped) -> Value {
    json!({ "at": dropped.pointer, "keyword": dropped.keyword, "value": dropped.value })
}
