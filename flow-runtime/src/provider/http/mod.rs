//! Shared by all providers over HTTP: one request with limited time and size, the classification of statuses and error bodies,
//! and a key that never shows.

mod address;
pub(super) mod ending;
mod endpoint;
pub(super) mod error;
pub(super) mod events;
mod extra;
pub(super) mod fold;
mod form;
mod key;
mod options;
mod repair;
mod said;
mod sse;
mod stream;
mod text;
pub(super) mod transport;
mod wait;
pub(super) mod wire;

pub(super) use address::segment;
pub(super) use endpoint::Endpoint;
pub(super) use events::Events;
pub(super) use extra::extend;
pub(super) use fold::Fold;
pub(super) use key::Key;
pub(super) use options::options;
pub(super) use text::{count, line};
