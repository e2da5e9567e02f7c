//! Providers: a model's API. A provider speaks one wire format; schemas are lowered and answers validated outside it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::prompt::Prompt;

mod lower;
mod model;

pub use lower::{Dropped, Lowered, lower};
pub use model::{Effort, Model};

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An API that answers prompts.
///
/// A provider does one attempt: it MUST NOT retry, and it MUST NOT validate the answer against the contract; both are done by
/// the engine, which records every attempt. Dropping the future cancels the request.
pub trait Provider: Send + Sync + 'static {
    /// The part of a model's name before the slash that this provider serves: `openai` serves `openai/gpt-5-mini`.
    fn name(&self) -> &str;

    /// What the endpoint can do with a schema. It decides how the contract's schema is lowered before `complete` sees it.
    fn capabilities(&self, model: &Model) -> Capabilities {
        let _ = model;
        Capabilities::default()
    }

    /// Asks the model once.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>>;
}

/// How an endpoint takes a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaSupport {
    /// The schema as it is.
    #[default]
    Full,
    /// The subset that OpenAI calls strict: closed objects, every property required.
    Strict,
    /// What servers that build a grammar from a schema understand (llama.cpp, Ollama, vLLM, LM Studio): the schema in plain words, no keyword
    /// beside a reference, nothing untyped.
    Compatible,
    /// Only "answer in JSON": the schema goes into the prompt.
    JsonMode,
    /// Nothing: the schema goes into the prompt and the answer is searched for JSON.
    None,
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

/// One question to a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The model and its parameters.
    pub model: Model,
    /// What the model reads.
    pub prompt: Prompt,
    /// The shape of the answer, already lowered to what the endpoint takes; `None` asks for free text.
    pub schema: Option<AnswerSchema>,
}

/// The shape of an answer as the endpoint sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AnswerSchema {
    /// A name of letters, digits, `_` and `-`, at most 64 long.
    pub name: String,
    /// What the answer is, from the documentation of the step or the contract.
    pub description: Option<String>,
    /// The JSON Schema.
    pub schema: Value,
}

/// What the model said.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Reply {
    /// The text of the answer; JSON where a schema was asked for.
    pub text: String,
    /// The tokens used.
    pub usage: Usage,
    /// The model that answered, as the endpoint names it.
    pub model: Option<String>,
    /// The endpoint's id of the answer.
    pub id: Option<String>,
}

/// Tokens of one attempt. `None` is unknown, never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens read, cached ones included.
    pub input_tokens: Option<u64>,
    /// Of those, tokens read from a cache.
    pub cached_input_tokens: Option<u64>,
    /// Tokens written, reasoning included.
    pub output_tokens: Option<u64>,
    /// Of those, tokens of reasoning.
    pub reasoning_tokens: Option<u64>,
}

/// Why an attempt gave no answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// What went wrong.
    pub kind: FailureKind,
    /// What the endpoint said, in one line.
    pub message: String,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What was read of the body, shortened.
    pub body: Option<String>,
    /// The tokens used all the same.
    pub usage: Usage,
}

/// What went wrong in an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The connection failed, ended early, or the body was no answer in the endpoint's format. Worth another try.
    Transport,
    /// Nothing complete arrived in time. Worth another try.
    TimedOut,
    /// Too many requests; the endpoint may say when to come back. Worth another try.
    RateLimited {
        /// The wait the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// The endpoint is overloaded or failed inside. Worth another try.
    Overloaded {
        /// The wait the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// The account has no money or quota left.
    Quota,
    /// The key is missing or wrong, or may not use the model.
    Unauthorized,
    /// The endpoint calls the request wrong.
    InvalidRequest,
    /// The prompt is longer than the model's context.
    ContextLength,
    /// The model refused to answer.
    Refused,
    /// The answer was withheld by a content filter.
    Filtered,
    /// The answer was cut at the token limit.
    Length,
    /// The answer was larger than the client reads.
    TooLarge,
}

impl FailureKind {
    /// Whether the same request may succeed later.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Transport | Self::TimedOut | Self::RateLimited { .. } | Self::Overloaded { .. })
    }

    /// The wait the endpoint asked for.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Overloaded { retry_after } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
