//! Values of single options of a step.

use std::fmt;
use std::time::Duration;

/// How results are reused by other runs, keyed by content.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// How long a result is valid; forever if not set.
    pub good_for: Option<Duration>,
    /// The version set by the user.
    pub version: u32,
    /// The source code of the body.
    pub body: &'static str,
}

/// What a step changes outside the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing, or nothing that matters.
    None,
    /// Running twice has the same result as running once.
    Idempotent,
    /// Cannot be taken back, so it is started at most once.
    Irreversible,
}

impl Effect {
    /// Returns the word used in `effect = …`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Idempotent => "idempotent",
            Self::Irreversible => "irreversible",
        }
    }
}

/// What happens when a person does not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// The step fails.
    Fail,
    /// The value is accepted.
    Accept,
    /// The value is rejected.
    Reject,
}

/// The templates of a prompt.
#[derive(Clone, Copy, Debug)]
pub struct PromptText {
    /// The system message.
    pub system: Option<&'static str>,
    /// The other messages; `None` if a function builds the prompt.
    pub prompt: Option<&'static str>,
    /// For a person: the arguments that the text prints whole, whatever their values.
    pub shows: &'static [&'static str],
}

/// A tool of an MCP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTool {
    /// The name of the server in `flow.toml`, or as it was added to the builder.
    pub server: &'static str,
    /// The name of the tool on the server.
    pub tool: &'static str,
    /// The arguments that have another name on the server: the step's name, and the server's.
    pub renamed: &'static [(&'static str, &'static str)],
}

impl ServerTool {
    /// Returns the name of an argument on the server.
    pub fn argument(&self, name: &'static str) -> &'static str {
        self.renamed.iter().find(|(own, _)| *own == name).map_or(name, |(_, renamed)| renamed)
    }
}

impl fmt::Display for ServerTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.server, self.tool)
    }
}

/// What happens when a tool fails, after its own retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnToolError {
    /// The model is told, and goes on.
    Tell,
    /// The model step fails.
    Fail,
}

/// An argument of a tool that the model step passes.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The argument of the tool.
    pub argument: &'static str,
    /// Where its value comes from: an argument of the model step, then field names.
    pub path: &'static [&'static str],
}
