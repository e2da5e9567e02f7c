//! Schemas that Claude's JSON outputs do not take. Which those are cannot be told from a schema: its grammar is compiled, and
//! may be too large well below the limits that the API documents.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::contract::hash;
use crate::provider::{AnswerSchema, Failure, FailureKind, Request, SchemaSupport, with_schema};

/// Parts of messages that refuse a schema for its size.
/// See <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#schema-complexity-limits>.
const WORDS: &[&str] = &[
    "compiled grammar is too large",
    "too complex for compilation",
    "too many optional parameters",
    "too many parameters with union types",
];

/// The schemas that were refused so far, by what they say.
#[derive(Debug, Default)]
pub(super) struct Complex(Mutex<HashSet<u64>>);

impl Complex {
    pub(super) fn contains(&self, schema: &AnswerSchema) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&key(schema))
    }

    pub(super) fn remember(&self, schema: &AnswerSchema) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key(schema));
    }
}

fn key(schema: &AnswerSchema) -> u64 {
    hash(&schema.schema.to_string())
}

/// The schema that a request binds the answer to, where the endpoint compiles it.
pub(super) fn compiled(request: &Request, support: SchemaSupport) -> Option<&AnswerSchema> {
    request.schema.as_ref().filter(|_| support == SchemaSupport::Anthropic)
}

/// Whether a failure refuses the schema of its request for its size.
pub(super) fn is_refusal(failure: &Failure) -> bool {
    let message = failure.message.to_lowercase();
    failure.kind == FailureKind::InvalidRequest && WORDS.iter().any(|words| message.contains(words))
}

/// The request with the schema in its prompt, as short as it was: what a request may cost at worst is reckoned by its length.
pub(super) fn in_words(request: &Request, schema: &AnswerSchema) -> Request {
    let prompt = with_schema(request.prompt.clone(), &schema.schema.to_string());
    Request { schema: None, prompt, ..request.clone() }
}
