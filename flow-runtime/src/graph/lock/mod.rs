//! Contract locks: the promises of a workflow to callers, readers and runs in flight, compared with the current code.
//!
//! [`flow_base::lock`] reads and writes the text. The macro turns it into a constant, [`Locked`], and [`check`] fails the build
//! if a promise is broken. [`classify`] lists the changes at run time with the same comparisons. Nothing here does file I/O.

mod behaviour;
mod change;
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

pub use change::{Change, Changes, Class};
pub use check::{Kept, check};
pub use classify::classify;
pub use data::{Locked, LockedArgument, LockedStep};
pub use describe::describe;
pub use flow_base::lock::{Lock, ReadError};
pub use standing::Standings;

/// Returns the location of a workflow's lock, relative to the root of its package.
pub fn file(meta: &super::Meta) -> String {
    format!("contracts/{}.json", meta.id)
}
