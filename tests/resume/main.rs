//! Runs in a journal: resumed where they were, waiting for people, cancelled, shut down. Time is paused.

#![allow(unreachable_pub, reason = "the modules of a test are not a library")]

mod abandoned;
mod answers;
mod at_once;
mod attended;
mod builds;
mod cached;
mod cancelling;
mod clocks;
mod crashes;
#[cfg(feature = "sqlite")]
mod deep;
mod deploys;
mod endings;
mod errors;
mod failing;
#[path = "../common/file_log.rs"]
mod file_log;
mod fork;
#[path = "../common/hooked.rs"]
mod hooked;
mod irreversible;
mod judged;
mod known_failures;
mod odd;
mod overlaps;
mod paid;
mod patterns;
mod prefixes;
mod read_back;
mod renamed;
mod retries;
mod served;
mod siblings;
mod signals;
mod support;
mod time;
mod undo;
