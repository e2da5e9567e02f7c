//! Answers without a model: fills every schema from the prompt, deterministically.

mod document;
mod fill;
mod hint;
mod number;
mod string;
mod words;

use serde_json::Value;

use super::lower::read::read;
use super::{
    BoxFuture, Capabilities, Deltas, Failure, MediaKinds, Model, Provider, Reply, Request, ToolChoice, ToolSchema,
};
use crate::prompt::{Content, Part, Prompt};
use document::Document;
use string::cut;

/// A provider that needs no network: it answers from the words of the prompt.
///
/// Different documents get different answers, and every answer has the requested shape, so a workflow runs end to end without a
/// key. There are no tokens, so usage is unknown.
///
/// ```
/// use flow_runtime::prompt::Prompt;
/// use flow_runtime::provider::{Model, Offline, Provider, Request};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let prompt = Prompt::user("Summarise.\n\nThe pump failed on Monday. A new seal was fitted.");
/// let reply = Offline::new().complete(&Request::new(Model::new("offline/any"), prompt)).await.unwrap();
/// assert_eq!(reply.text(), "The pump failed on Monday. A new seal was fitted.");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Offline {
    name: String,
}

impl Offline {
    /// Creates the provider of the models `offline/…`.
    pub fn new() -> Self {
        Self::named("offline")
    }

    /// Creates the provider of the models `name/…`, in place of another provider with that name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl Default for Offline {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Offline {
    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self, _: &Model) -> Capabilities {
        Capabilities::default().media(MediaKinds::ALL)
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        let reply = calls(request).map_or_else(|| Reply::new(answer(request)), Reply::new);
        Box::pin(std::future::ready(Ok(reply)))
    }

    /// Streams the answer word by word.
    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        if let Some(calls) = calls(request) {
            return Box::pin(std::future::ready(Ok(Reply::new(calls))));
        }
        Box::pin(async move {
            let text = answer(request);
            for word in text.split_inclusive(' ') {
                deltas.text(word);
                // So that readers can follow.
                tokio::task::yield_now().await;
            }
            Ok(Reply::new(text))
        })
    }
}

/// Calls each tool without effects once, all of them before the answer; `None` if there is nothing left to call.
fn calls(request: &Request) -> Option<Content> {
    let has_called = request.prompt.messages.iter().any(|message| message.content.tool_calls().next().is_some());
    if has_called || request.tool_choice == ToolChoice::None {
        return None;
    }
    let harmless = request.tools.iter().filter(|tool| tool.is_harmless);
    let call = |(at, tool): (usize, &ToolSchema)| {
        Part::tool_call(format!("call_{}", at + 1), &tool.name, fill(&request.prompt, &tool.parameters))
    };
    let calls: Vec<_> = harmless.enumerate().map(call).collect();
    (!calls.is_empty()).then(|| calls.into())
}

fn answer(request: &Request) -> String {
    match &request.schema {
        Some(answer) => fill(&request.prompt, &answer.schema).to_string(),
        None => summary(&Document::new(&request.prompt)),
    }
}

/// The most relevant sentences, in the order of the text.
fn summary(document: &Document) -> String {
    let ranked = document.ranked(&[]);
    let best = &ranked[..ranked.len().min(3)];
    let chosen = document.sentences.iter().map(String::as_str).filter(|sentence| best.contains(sentence)).take(3);
    let text = chosen.collect::<Vec<_>>().join(" ");
    if text.is_empty() { "There is no text to answer from.".to_owned() } else { cut(&text, 600) }
}

/// Fills a schema from the words of a prompt, deterministically.
///
/// Names, numbers, addresses, lists and sentences are found by the names and descriptions of the properties. What the text does
/// not mention is null if allowed, and made up otherwise. The value is valid under the schema, provided a value of finite depth
/// is. Keywords that need a solver (`not`, `if`, `contains`) are ignored, and a text with a `pattern` is a number, because
/// contracts describe no other text by one.
///
/// ```
/// use flow_runtime::prompt::Prompt;
/// use flow_runtime::provider::fill;
/// use serde_json::json;
///
/// let resume = "Extract the candidate.\n\nAda Lovelace\nada@example.org\n12 years of mathematics\nSkills: analysis, poetry";
/// let schema = json!({"type": "object", "required": ["name", "years", "skills"], "properties": {
///     "name": {"type": "string"},
///     "years": {"type": "integer", "minimum": 0},
///     "skills": {"type": "array", "items": {"type": "string"}},
///     "email": {"type": "string", "format": "email"},
/// }});
/// assert_eq!(
///     fill(&Prompt::user(resume), &schema),
///     json!({"name": "Ada Lovelace", "years": 12, "skills": ["analysis", "poetry"], "email": "ada@example.org"}),
/// );
/// ```
pub fn fill(prompt: &Prompt, schema: &Value) -> Value {
    fill::filled(&Document::new(prompt), &read(schema))
}
