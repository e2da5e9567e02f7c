//! Values that may come from the environment.

use std::fmt;
use std::sync::Arc;

/// Looks up environment variables.
pub(crate) type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A value of a server, such as a header, an argument or a URL: a text, or a [`Variable`].
#[derive(Clone, PartialEq, Eq)]
pub struct Setting(Source);

#[derive(Clone, PartialEq, Eq)]
enum Source {
    Text(String),
    Variable(Variable),
}

/// An environment variable, read when the server is connected to.
///
/// ```
/// use flow_mcp::{Server, Variable};
///
/// let server = Server::http("https://example.org/mcp")
///     .header("Authorization", Variable::new("EXAMPLE_TOKEN").prefix("Bearer "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    name: String,
    prefix: String,
}

impl Variable {
    /// Creates the value of a variable.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), prefix: String::new() }
    }

    /// Sets a text before the value.
    #[must_use]
    pub fn prefix(self, text: impl Into<String>) -> Self {
        Self { prefix: text.into(), ..self }
    }
}

impl Setting {
    /// Returns the value.
    ///
    /// # Errors
    ///
    /// Returns the name of a variable that is not set.
    pub(crate) fn value(&self, environment: &Environment) -> Result<String, &str> {
        match &self.0 {
            Source::Text(text) => Ok(text.clone()),
            Source::Variable(Variable { name, prefix }) => {
                let value = environment(name).filter(|value| !value.is_empty()).ok_or(name.as_str())?;
                Ok(format!("{prefix}{value}"))
            }
        }
    }
}

impl From<Variable> for Setting {
    fn from(variable: Variable) -> Self {
        Self(Source::Variable(variable))
    }
}

impl From<String> for Setting {
    fn from(text: String) -> Self {
        Self(Source::Text(text))
    }
}

impl From<&str> for Setting {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for Setting {
    /// Shows names only, since a text may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Text(_) => f.write_str("\"…\""),
            Source::Variable(variable) => variable.fmt(f),
        }
    }
}
