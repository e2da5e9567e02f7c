//! What a provider is asked.

use serde_json::Value;

use super::Model;
use crate::prompt::Prompt;

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

impl Request {
    /// A request for free text.
    pub fn new(model: Model, prompt: Prompt) -> Self {
        Self { model, prompt, schema: None }
    }

    /// The request, for an answer of a shape.
    #[must_use]
    pub fn schema(mut self, schema: AnswerSchema) -> Self {
        self.schema = Some(schema);
        self
    }
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

impl AnswerSchema {
    /// A shape under a name: letters, digits, `_` and `-`, at most 64 of them; what is something else becomes `_`.
    pub fn new(name: &str, schema: Value) -> Self {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
        let name: String = name.chars().take(64).map(plain).collect();
        Self { name: if name.is_empty() { "answer".to_owned() } else { name }, description: None, schema }
    }

    /// The shape, with what the answer is.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}
