//! What a provider is asked.

use serde_json::Value;

use super::Model;
use crate::prompt::Prompt;

/// A request to a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The model and its parameters.
    pub model: Model,
    /// What the model reads.
    pub prompt: Prompt,
    /// The schema of the answer, already adapted to the endpoint; `None` asks for free text.
    pub schema: Option<AnswerSchema>,
}

impl Request {
    /// Creates a request for free text.
    pub fn new(model: Model, prompt: Prompt) -> Self {
        Self { model, prompt, schema: None }
    }

    /// Requests an answer with this schema.
    #[must_use]
    pub fn schema(mut self, schema: AnswerSchema) -> Self {
        self.schema = Some(schema);
        self
    }
}

/// The schema of an answer, as the endpoint sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AnswerSchema {
    /// A name of at most 64 letters, digits, `_` and `-`.
    pub name: String,
    /// A description of the answer, from the documentation of the step or the contract.
    pub description: Option<String>,
    /// The JSON Schema.
    pub schema: Value,
}

impl AnswerSchema {
    /// Creates a schema with a name. Characters other than letters, digits, `_` and `-` become `_`; the name is cut at 64
    /// characters.
    pub fn new(name: &str, schema: Value) -> Self {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
        let name: String = name.chars().take(64).map(plain).collect();
        Self { name: if name.is_empty() { "answer".to_owned() } else { name }, description: None, schema }
    }

    /// Sets the description of the answer.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}
