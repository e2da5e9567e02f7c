//! Storage for the records of runs.
//!
//! `Memory` ends with the process, `Sqlite` (feature `sqlite`) is one file. For other storage, implement [`Store`] and [`Cache`] and
//! run the [`conformance`] suite; to keep a single run, implement [`RunLog`].

mod cache;
pub mod conformance;
mod kept;
mod log;
mod memory;
mod query;
mod signal;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;

pub use cache::Cache;
pub(crate) use kept::KeptSignals;
pub use log::{AppendError, RunLog};
pub use memory::Memory;
pub use query::Query;
pub use signal::{Delivered, Judged, Signal, Slot};
#[cfg(feature = "sqlite")]
pub use sqlite::{Codec, Sqlite, SqliteOptions, Synchronous};
pub use store::Store;

/// Stores runs and caches answers: what [`Builder::journal`](crate::engine::Builder::journal) takes.
pub trait Journal: Store + Cache {}

impl<J: Store + Cache + ?Sized> Journal for J {}
