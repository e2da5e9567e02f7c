//! Tools of MCP servers. The engine knows these traits and nothing of the protocol.

mod answer;
mod fit;
mod form;
mod schema;
mod server;

pub use answer::{Unfit, read};
pub use fit::{Misfit, misfits};
pub use server::{Connected, PublishedTool, ServerFailure, ServerFailureKind, ToolAnswer, ToolConnection, ToolServer};
