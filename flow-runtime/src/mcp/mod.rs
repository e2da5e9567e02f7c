//! Tools of MCP servers. The engine knows this trait and nothing of the protocol.

mod answer;
mod fit;
mod form;
mod schema;
mod server;

pub use answer::{Unfit, read};
pub use fit::{Misfit, misfits};
pub use server::{PublishedTool, ServerFailure, ServerFailureKind, ToolAnswer, ToolServer};
