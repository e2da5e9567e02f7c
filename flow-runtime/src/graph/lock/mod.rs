//! The contract lock: what a workflow has promised to callers, to readers and to runs in flight, against what it is now.
//!
//! The promise is a text that [`flow_base::lock`] reads and writes. The macro makes it a constant, [`Locked`], and [`check`] ends the build where
//! it is broken. [`classify`] tells at run time what has changed for whom, by the same comparisons. Nothing here reads or writes a file.

mod behaviour;
mod check;
mod classify;
mod data;
mod describe;
mod keeps;
mod place;
mod read;
mod shape;
mod show;
mod source;
mod standing;

pub use check::{Kept, check};
pub use classify::{Change, Changes, Class, classify};
pub use data::{Locked, LockedArgument, LockedStep};
pub use describe::describe;
pub use flow_base::lock::{Lock, ReadError};
pub use standing::Standings;

/// Returns the location of a workflow's lock, relative to the root of its package.
pub fn file(meta: &super::Meta) -> String {
    format!("contracts/{}.json", meta.id)
}
