//! Arguments of `mcp`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(in crate::app) enum McpCommand {
    /// Print steps with their contracts for the tools that a server publishes, as Rust code.
    Import(ImportArguments),
}

#[derive(Debug, Args)]
pub(in crate::app) struct ImportArguments {
    /// Name of the server in the configuration or in the program.
    pub(in crate::app) server: String,
    /// Names of tools; default: all that the server publishes.
    pub(in crate::app) tools: Vec<String>,
    /// Configuration file; default: `flow.toml` in the current directory.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) config: Option<PathBuf>,
}
