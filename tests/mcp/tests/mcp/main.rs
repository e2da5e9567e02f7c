//! Steps whose work is done by tools of MCP servers.

mod check;
mod failures;
mod fits;
mod http;
mod imported;
mod program;
mod published;
mod support;
mod works;
