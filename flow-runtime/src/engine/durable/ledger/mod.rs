//! The records of one run in progress: its state, records on their way to the journal, and what keeps the run in
//! memory.

mod failing;
mod halt;
mod inner;
mod records;
mod steps;
mod stop;
mod waits;

pub(in crate::engine) use halt::Halt;
pub(in crate::engine) use inner::Ledger;
pub(in crate::engine) use steps::{Active, Rest};
pub(super) use waits::Waits;
