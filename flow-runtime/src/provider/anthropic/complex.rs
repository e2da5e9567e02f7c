//! Schemas that Claude's JSON outputs reject. A schema does not show it: it is compiled to a grammar, which may be too large well
//! below the documented limits.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::contract::hash;
use crate::provider::{AnswerSchema, Failure, FailureKind, Request, SchemaSupport, with_schema};

/// Substrings of messages that reject a schema for its size.
/// See <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#schema-complexity-limits>.
const WORDS: &[&str] = &[
    "compiled grammar is too large",
    "too complex for compilation",
    "too many optional parameters",
    "too many parameters with union types",
];

/// Hashes of the schemas rejected so far.
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

/// The schema that the endpoint would compile for a request, if any.
pub(super) fn compiled(request: &Request, support: SchemaSupport) -> Option<&AnswerSchema> {
    request.schema.as_ref().filter(|_| support == SchemaSupport::Anthropic)
}

/// Whether a failure rejects the schema of its request for its size.
pub(super) fn is_refusal(failure: &Failure) -> bool {
    let message = failure.message.to_lowercase();
    failure.kind == FailureKind::InvalidRequest && WORDS.iter().any(|words| message.contains(words))
}

/// Moves the schema into the prompt in compact form: the worst-case cost of a request is computed from its length.
pub(super) fn in_words(request: &Request, schema: &AnswerSchema) -> Request {
    let prompt = with_schema(request.prompt.clone(), &schema.schema.to_string(), !request.tools.is_empty());
    Request { schema: None, prompt, ..request.clone() }
}
