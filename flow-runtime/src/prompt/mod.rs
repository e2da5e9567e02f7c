//! Prompts: the messages a model reads.

mod blank;
pub mod check;
mod content;
mod message;
mod render;

pub(crate) use blank::is_blank;
pub use content::{Content, Part};
pub use message::{Message, Prompt, Role};
pub use render::{RenderError, Template};
