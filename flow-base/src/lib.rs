//! What the macros and the runtime of `flow` share: durations, amounts of money, name suggestions, hashes and the text of contract locks.
//!
//! Depend on `flowgate` instead; nothing here is a public promise.

pub mod duration;
pub mod hash;
pub mod lock;
pub mod money;
pub mod near;
