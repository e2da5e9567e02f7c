//! Attachments: pictures, sounds and PDF documents as contracts.
//!
//! In JSON an attachment is `{"media_type": "image/png", "data": "<Base64>"}`, or `{"url": "https://…"}` if the provider is to fetch
//! it. In a prompt, `{{ photo }}` puts it between the texts of the message.

mod data;
mod dimensions;
mod expanded;
mod held;
mod json;
mod kinds;
mod medium;
mod mentioned;
mod pages;
mod writing;

pub use crate::contract::MediaKind;
pub use data::Data;
pub use dimensions::Dimensions;
pub(crate) use expanded::{by_hash, detached, expanded};
pub use kinds::{Audio, Image, Pdf};
pub use medium::{MediaSource, Medium};
pub(crate) use pages::pages;
pub(crate) use writing::{marked, recorded};

#[cfg(test)]
mod tests;
