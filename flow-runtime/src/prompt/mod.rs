//! Prompts: the messages a model reads.

mod blank;
pub mod check;
mod content;
mod message;
mod part;
mod render;

pub(crate) use blank::is_blank;
pub use content::Content;
pub use message::{Message, Prompt, Role};
pub use part::{MediaSource, Part};
pub use render::{RenderError, Template};
