//! The limits of a service.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) body_bytes: usize,
    pub(crate) ended_runs: usize,
    pub(crate) running_runs: usize,
    pub(crate) grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 16 * 1024 * 1024, ended_runs: 1_000, running_runs: 1_000, grace: Duration::from_secs(30) }
    }
}
