//! What every provider over HTTP shares: one request of bounded patience and size, what a status and an error's body
//! mean, and a key that is shown nowhere.

mod address;
pub(super) mod ending;
mod endpoint;
pub(super) mod error;
mod extra;
mod key;
mod options;
mod repair;
mod said;
mod text;
mod transport;
mod wait;

pub(super) use endpoint::Endpoint;
pub(super) use extra::extend;
pub(super) use key::Key;
pub(super) use options::options;
pub(super) use text::{count, line};
