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
/// use flow_runtime::mcp::{Connected, PublishedTool, ServerFailure, ToolAnswer, ToolConnection, ToolServer};
/// use flow_runtime::provider::BoxFuture;
/// use serde_json::{Map, Value, json};
///
/// struct Echo;
///
/// impl ToolConnection for Echo {
///     fn call<'a>(&'a self, _: &'a str, arguments: Map<String, Value>) -> BoxFuture<'a, Result<ToolAnswer, ServerFailure>> {
///         Box::pin(async { Ok(ToolAnswer::text(Value::from(arguments).to_string())) })
///     }
/// }
///
/// struct EchoServer(Connected);
///
/// impl ToolServer for EchoServer {
///     fn connect(&self) -> BoxFuture<'_, Result<Connected, ServerFailure>> {
///         Box::pin(async { Ok(self.0.clone()) })
///     }
/// }
///
/// let echo = PublishedTool::new("echo", json!({"type": "object"}));
/// let server = EchoServer(Connected::new([echo], Arc::new(Echo)));
/// ```
pub trait ToolServer: Send + Sync + 'static {
    /// Returns a connection to the server with the tools it publishes, and connects first if there is no connection.
    ///
    /// Steps are checked again whenever this returns another list of tools, by address. So it returns the same list until the
    /// server says that its tools have changed, or until the connection is replaced.
    fn connect(&self) -> BoxFuture<'_, Result<Connected, ServerFailure>>;
}

/// A connection to a server.
pub trait ToolConnection: Send + Sync + 'static {
    /// Calls a tool, once.
    fn call<'a>(
        &'a self,
        tool: &'a str,
        arguments: Map<String, Value>,
    ) -> BoxFuture<'a, Result<ToolAnswer, ServerFailure>>;
}

/// A connection, and the tools that the server published on it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Connected {
    /// The tools.
    pub tools: Arc<[PublishedTool]>,
    /// What calls them.
    pub connection: Arc<dyn ToolConnection>,
}

impl Connected {
    /// Creates a connection with its tools.
    pub fn new(tools: impl Into<Arc<[PublishedTool]>>, connection: Arc<dyn ToolConnection>) -> Self {
        Self { tools: tools.into(), connection }
    }
}

impl fmt::Debug for Connected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connected").field("tools", &self.tools).finish_non_exhaustive()
    }
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
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerFailure {
    /// The kind of failure.
    pub kind: ServerFailureKind,
    /// The message, which names neither server nor tool.
    pub message: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// A kind of failure of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerFailureKind {
    /// The server cannot be started or connected to as it is described, whenever it is tried.
    Misconfigured,
    /// The call was not made: there is no connection, or the server takes no calls at the moment.
    Unreachable,
    /// The connection was lost after the call was made.
    Lost,
    /// The response is not the result of a tool.
    Unexpected,
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
        Self { source: Some(Arc::from(source.into())), ..self }
    }
}

impl ServerFailureKind {
    /// Returns whether the same call may succeed later. Of the JSON-RPC errors, these are internal errors and the codes that
    /// servers use for lost connections and timeouts.
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Misconfigured | Self::Unexpected => false,
            Self::Unreachable | Self::Lost => true,
            Self::Refused { code } => matches!(code, -32603 | -32001 | -32000),
        }
    }

    /// Returns whether the tool may have done its work all the same.
    pub fn may_have_run(self) -> bool {
        match self {
            Self::Misconfigured | Self::Unreachable => false,
            Self::Lost | Self::Unexpected => true,
            // The request is not JSON, not a request, or has no such method or parameters. Any other code may come from the tool.
            Self::Refused { code } => !matches!(code, -32700 | -32602..=-32600),
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
