//! Who calls the tools of a server.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::provider::BoxFuture;

/// A server whose tools are called by steps with `mcp = "server/tool"`.
///
/// `flow::mcp::Server` starts or connects to an MCP server. Implement this for a server of your own, for example in a test:
///
/// ```
/// use std::sync::Arc;
/// use flow_runtime::mcp::{PublishedTool, ServerFailure, ToolAnswer, ToolServer};
/// use flow_runtime::provider::BoxFuture;
/// use serde_json::{Map, Value, json};
///
/// struct Echo(Arc<[PublishedTool]>);
///
/// impl ToolServer for Echo {
///     fn tools(&self) -> BoxFuture<'_, Result<Arc<[PublishedTool]>, ServerFailure>> {
///         Box::pin(async { Ok(self.0.clone()) })
///     }
///
///     fn call<'a>(&'a self, _: &'a str, arguments: Map<String, Value>) -> BoxFuture<'a, Result<ToolAnswer, ServerFailure>> {
///         Box::pin(async { Ok(ToolAnswer::text(Value::from(arguments).to_string())) })
///     }
/// }
///
/// let echo = Echo(Arc::new([PublishedTool::new("echo", json!({"type": "object"}))]));
/// ```
pub trait ToolServer: Send + Sync + 'static {
    /// Returns the tools that the server publishes, after connecting to it if there is no connection.
    ///
    /// The steps that use the server are checked again whenever this returns another list, by address. So it returns the same one
    /// until the server says that its tools have changed, or is connected to again.
    fn tools(&self) -> BoxFuture<'_, Result<Arc<[PublishedTool]>, ServerFailure>>;

    /// Calls a tool on the current connection, once.
    fn call<'a>(
        &'a self,
        tool: &'a str,
        arguments: Map<String, Value>,
    ) -> BoxFuture<'a, Result<ToolAnswer, ServerFailure>>;
}

/// A tool as its server publishes it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublishedTool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// The JSON Schema of the object of arguments.
    pub input: Value,
    /// The JSON Schema of the structured result, if the server publishes one.
    pub output: Option<Value>,
    /// Whether it changes nothing, if the server says so.
    pub read_only: Option<bool>,
    /// Whether calling it twice is the same as calling it once, if the server says so.
    pub idempotent: Option<bool>,
}

impl PublishedTool {
    /// Creates a tool of which nothing else is known.
    pub fn new(name: impl Into<String>, input: Value) -> Self {
        Self { name: name.into(), description: None, input, output: None, read_only: None, idempotent: None }
    }
}

/// What a tool answered.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ToolAnswer {
    /// Whether it reports a failure.
    pub is_error: bool,
    /// The structured result.
    pub structured: Option<Value>,
    /// The texts of the content.
    pub texts: Vec<String>,
    /// The kinds of all other content, such as `image`.
    pub others: Vec<String>,
}

impl ToolAnswer {
    /// Creates an answer of a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { texts: vec![text.into()], ..Self::default() }
    }

    /// Creates a structured answer.
    pub fn structured(value: Value) -> Self {
        Self { structured: Some(value), ..Self::default() }
    }

    /// Creates the report of a failure.
    pub fn failed(text: impl Into<String>) -> Self {
        Self { is_error: true, ..Self::text(text) }
    }
}

/// Why a server did not answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServerFailure {
    /// The kind of failure.
    pub kind: ServerFailureKind,
    /// The message, which names neither server nor tool.
    pub message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A kind of failure of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerFailureKind {
    /// The server cannot be started or connected to as it is described, whenever it is tried.
    Misconfigured,
    /// There is no connection, so the call was not made.
    Unreachable,
    /// The connection was lost after the call was made.
    Lost,
    /// The server rejected the call with a JSON-RPC error.
    Refused {
        /// The code.
        code: i64,
    },
}

impl ServerFailure {
    /// Creates a failure.
    pub fn new(kind: ServerFailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Sets its cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl ServerFailureKind {
    /// Returns whether the same call may succeed later. Of the JSON-RPC errors, these are internal errors and the codes that
    /// servers use for lost connections and timeouts.
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Misconfigured => false,
            Self::Unreachable | Self::Lost => true,
            Self::Refused { code } => matches!(code, -32603 | -32001 | -32000),
        }
    }
}

impl fmt::Display for ServerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for ServerFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
