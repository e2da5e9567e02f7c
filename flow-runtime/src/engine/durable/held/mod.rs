//! Steps that wait in runs without a journal: in memory, for as long as the future of the run exists.

mod answers;
mod open;
mod verdict;
mod wait;

pub(in crate::engine) use open::Held;
pub(super) use verdict::Teller;
pub(super) use wait::wait;
