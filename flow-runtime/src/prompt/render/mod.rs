//! Renders a template with the arguments of a step to messages.
//!
//! Values are always data: nothing inside a document is parsed as template syntax or as the start of another message, and
//! nothing is escaped.

mod engine;
mod roles;
mod show;

use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::{Environment, Value, value::Serde};

use super::{Message, Prompt, Role};
use roles::Marker;

/// A prompt template: Jinja text, and an optional system message.
///
/// It is created in a constant and compiled at its first use:
///
/// ```
/// # use flow_runtime::prompt::{Role, Template};
/// static PROMPT: Template = Template::new(Some("Be brief."), "Summarize.\n\n{{ text }}");
///
/// let prompt = PROMPT.render([("text", "{{ not syntax }}".into())])?;
/// assert_eq!(prompt.messages[0].role, Role::System);
/// assert_eq!(prompt.messages[1].content, "Summarize.\n\n{{ not syntax }}");
/// # Ok::<(), flow_runtime::prompt::RenderError>(())
/// ```
///
/// - Strings are printed unchanged, numbers with all their digits, lists and structs as indented JSON in the order written.
/// - `null` counts as absent: `default` replaces it, and `is defined` is false for it.
/// - Printing an absent value is an error. [`check`](super::check::check) finds such places at compile time.
/// - `{{ role("assistant") }}` starts another message; text before the first one belongs to the user. Blank lines around a message
///   are removed, and a message without text is not sent.
/// - An attachment becomes a part of its message, between the texts around it.
/// - A tag that is alone on its line leaves no line behind.
pub struct Template {
    system: Option<&'static str>,
    prompt: &'static str,
    engine: OnceLock<Result<Environment<'static>, RenderError>>,
}

impl Template {
    /// Creates a template from a prompt and an optional system message.
    pub const fn new(system: Option<&'static str>, prompt: &'static str) -> Self {
        Self { system, prompt, engine: OnceLock::new() }
    }

    /// Renders the messages for the given arguments.
    ///
    /// # Errors
    ///
    /// Fails if a template has a syntax error, prints an absent value, passes a filter a value it does not accept, or exceeds the
    /// work limit.
    pub fn render<'a>(
        &self,
        arguments: impl IntoIterator<Item = (&'a str, serde_json::Value)>,
    ) -> Result<Prompt, RenderError> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        self.filled(&Marker::absent_from(&arguments), arguments)
    }

    /// Renders the messages for the arguments that `write` returns by name. Attachments among them become parts of the messages.
    ///
    /// # Errors
    ///
    /// Fails as [`render`](Self::render) does, if an attachment is printed as part of a text or in a system message, and with the
    /// error of `write`.
    pub fn render_with<E: From<RenderError>>(
        &self,
        write: impl FnMut() -> Result<serde_json::Value, E>,
    ) -> Result<Prompt, E> {
        let (marker, arguments) = Marker::within(write)?;
        let fields = arguments.as_object().into_iter().flatten();
        let arguments = fields.map(|(name, value)| (name.as_str(), value.clone())).collect();
        Ok(self.filled(&marker, arguments)?)
    }

    fn filled(&self, marker: &Marker, arguments: Vec<(&str, serde_json::Value)>) -> Result<Prompt, RenderError> {
        let engine = self.engine.get_or_init(|| self.compile()).as_ref().map_err(Clone::clone)?;
        let context = context(marker, arguments);
        let mut messages = Vec::new();
        if self.system.is_some() {
            messages.extend(render(engine, "system", &context, marker, Role::System)?);
        }
        messages.extend(render(engine, "prompt", &context, marker, Role::User)?);
        Ok(Prompt { messages })
    }

    fn compile(&self) -> Result<Environment<'static>, RenderError> {
        let mut engine = engine::engine();
        engine.add_template("system", self.system.unwrap_or_default())?;
        engine.add_template("prompt", self.prompt)?;
        Ok(engine)
    }
}

/// The variables of a template. An argument named `role` shadows the function.
fn context(marker: &Marker, arguments: Vec<(&str, serde_json::Value)>) -> Value {
    let role = [("role", marker.function())];
    let arguments = arguments.into_iter().map(|(name, value)| (name, Value::from(Serde(value))));
    Value::from_pairs(role.into_iter().chain(arguments))
}

fn render(
    engine: &Environment<'_>,
    name: &str,
    context: &Value,
    marker: &Marker,
    first: Role,
) -> Result<Vec<Message>, RenderError> {
    let text = engine.get_template(name)?.render(context.clone())?;
    Ok(marker.split(&text, first)?)
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("system", &self.system).field("prompt", &self.prompt).finish_non_exhaustive()
    }
}

/// Why a prompt could not be rendered. Names the template and the line, but no values.
#[derive(Clone, Debug)]
pub struct RenderError(Arc<minijinja::Error>);

impl From<minijinja::Error> for RenderError {
    fn from(error: minijinja::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the prompt cannot be rendered: {}", self.0)
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod attached;
