//! Requests to providers.

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
    /// The tools that the model may call.
    pub tools: Vec<ToolSchema>,
    /// Which of the tools the model may or must call. Without tools it has no meaning and is not sent.
    pub tool_choice: ToolChoice,
}

impl Request {
    /// Creates a request for free text.
    pub fn new(model: Model, prompt: Prompt) -> Self {
        Self { model, prompt, schema: None, tools: Vec::new(), tool_choice: ToolChoice::Auto }
    }

    /// Requests an answer with this schema.
    #[must_use]
    pub fn schema(mut self, schema: AnswerSchema) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Offers a tool.
    #[must_use]
    pub fn tool(mut self, tool: ToolSchema) -> Self {
        self.tools.push(tool);
        self
    }

    /// Sets which of the tools the model may or must call.
    #[must_use]
    pub fn tool_choice(mut self, choice: ToolChoice) -> Self {
        self.tool_choice = choice;
        self
    }

    /// Whether tools were called in the conversation.
    #[cfg(feature = "providers")]
    pub(super) fn has_calls(&self) -> bool {
        self.prompt.messages.iter().any(|message| message.content.tool_calls().next().is_some())
    }

    /// The approximate number of bytes that the model reads: messages, schema and tools.
    pub(crate) fn size(&self) -> usize {
        let messages = self.prompt.messages.iter().map(|message| message.content.size());
        let schema = self.schema.as_ref().map_or(0, |answer| answer.schema.to_string().len());
        messages.chain(self.tools.iter().map(ToolSchema::size)).sum::<usize>() + schema
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
        Self { name: plain(name, "answer"), description: None, schema }
    }

    /// Sets the description of the answer.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// A tool, as the endpoint sees it.
///
/// ```
/// use flow_runtime::provider::ToolSchema;
/// use serde_json::json;
///
/// let parameters = json!({"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]});
/// let tool = ToolSchema::new("find_order", parameters).description("Finds an order by its number.");
/// assert_eq!(tool.name, "find_order");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ToolSchema {
    /// A name of at most 64 letters, digits, `_` and `-`.
    pub name: String,
    /// What the tool does; the model chooses by it.
    pub description: Option<String>,
    /// The JSON Schema of the arguments, an object, already adapted to the endpoint.
    pub parameters: Value,
    /// Whether the endpoint holds the model to the schema.
    pub strict: bool,
    /// It has no effect and asks nobody, so it may be called with made-up arguments.
    pub(crate) is_harmless: bool,
}

impl ToolSchema {
    /// Creates a tool. Characters of the name other than letters, digits, `_` and `-` become `_`; the name is cut at 64
    /// characters.
    pub fn new(name: &str, parameters: Value) -> Self {
        Self { name: plain(name, "tool"), description: None, parameters, strict: false, is_harmless: false }
    }

    /// Sets what the tool does.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Asks the endpoint to hold the model to the schema. OpenAI and Anthropic do.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    fn size(&self) -> usize {
        self.name.len() + self.description.as_ref().map_or(0, String::len) + self.parameters.to_string().len()
    }
}

/// Which of the offered tools a model may or must call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolChoice {
    /// The model decides.
    #[default]
    Auto,
    /// None of them: the model answers.
    None,
    /// At least one of them.
    Required,
    /// The tool of this name.
    Tool(String),
}

/// A name of at most 64 letters, digits, `_` and `-`.
pub(super) fn plain(name: &str, otherwise: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
    let name: String = name.chars().take(64).map(plain).collect();
    if name.is_empty() { otherwise.to_owned() } else { name }
}
