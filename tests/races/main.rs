//! `race_ok!`: the first branch that succeeds.

mod durable;
mod outcome;
mod prefixes;
mod support;
