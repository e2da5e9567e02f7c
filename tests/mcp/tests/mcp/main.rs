//! Steps whose work is done by tools of MCP servers.

mod check;
mod failures;
mod http;
mod imported;
mod program;
mod support;
mod works;
