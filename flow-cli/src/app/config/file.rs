//! The configuration file as data.

use std::path::PathBuf;
use std::time::Duration;

use flow_runtime::money::Money;
use flow_runtime::provider::{Limits, Price};

/// Contents of `flow.toml`, which never contain secrets.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    /// Maximum number of concurrent runs of `run --each`.
    pub(super) concurrency: Option<usize>,
    pub(super) journal: Option<PathBuf>,
    pub(super) max_cost: Option<Money>,
    /// MCP servers.
    pub(super) servers: Vec<McpServer>,
    /// Replacement models by the name of the model they replace.
    pub(super) models: Vec<(String, String)>,
    pub(super) providers: Vec<Served>,
    /// Prices by full model name, `provider/name`.
    pub(super) prices: Vec<(String, Price)>,
}

/// An MCP server.
#[derive(Debug, PartialEq)]
#[cfg_attr(not(feature = "mcp"), allow(dead_code, reason = "only the feature `mcp` uses servers"))]
pub(super) struct McpServer {
    pub(super) name: String,
    pub(super) way: Way,
    pub(super) start_timeout: Option<Duration>,
}

/// How a server is reached.
#[derive(Debug, PartialEq)]
#[cfg_attr(not(feature = "mcp"), allow(dead_code, reason = "only the feature `mcp` uses servers"))]
pub(super) enum Way {
    /// The program with its arguments, and its environment variables.
    Command {
        program: String,
        arguments: Vec<Given>,
        env: Vec<(String, Given)>,
    },
    Http {
        url: Given,
        headers: Vec<(String, Given)>,
    },
}

/// A value, such as that of a header.
#[derive(Debug, PartialEq)]
#[cfg_attr(not(feature = "mcp"), allow(dead_code, reason = "only the feature `mcp` uses servers"))]
pub(super) enum Given {
    Text(String),
    /// An environment variable, and a text before its value.
    Variable {
        name: String,
        prefix: String,
    },
}

/// Address, capabilities and limits of a provider.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Served {
    pub(super) name: String,
    pub(super) base_url: Option<String>,
    /// Environment variables that its other settings stand for, with their values.
    pub(super) settings: Vec<(String, String)>,
    pub(super) limits: Option<Limits>,
}
