//! A journal in one SQLite file. All SQL is in this folder.

mod body;
mod codec;
mod command;
mod entry;
mod fault;
mod files;
mod identity;
mod inner;
mod journal;
mod lock;
mod log;
mod mutex;
mod news;
mod open;
mod options;
mod payload;
mod private;
mod queue;
mod read;
mod readers;
#[cfg(test)]
mod schedules;
mod schema;
mod signals;
mod start;
mod store;
mod sync;
mod writer;

pub use codec::Codec;
pub use journal::Sqlite;
pub use options::{SqliteOptions, Synchronous};
