//! Calls tools of MCP servers. Depend on `flowgate` with the feature `mcp` instead; nothing here is stable on its own.

mod answer;
mod connection;
mod failure;
mod http;
pub mod import;
mod server;
mod setting;
mod stderr;
mod stdio;

pub use server::Server;
pub use setting::{Setting, Variable};
