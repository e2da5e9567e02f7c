//! Access to a run on a log of its own, and the result of attending to it.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::ledger::{Halt, Ledger};
use crate::clock::{Clock, Stamp};
use crate::engine::feed::Feed;
use crate::engine::mutex::lock;
use crate::error::{Error, Result};
use crate::journal::RunLog;
use crate::place::RunId;

/// The result of attending to a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Attended {
    /// The run has ended; the end is in its log.
    Ended(Result<Value>),
    /// The run was cancelled, as its log records. If finished steps were to be undone, the error lists those that could
    /// not be.
    Cancelled(Error),
    /// The run cannot continue here: the log failed or belongs to another process, or this build does not fit its
    /// records.
    Stopped(Error),
    /// Everything in the run waits, for answers or until this moment. The run has left memory: attend to it again.
    Waits(Option<Stamp>),
}

/// Access to the run of an [`Attending`](super::Attending) while it is in memory.
#[derive(Clone)]
pub(in crate::engine) struct Seat {
    pub(super) run: RunId,
    pub(super) log: Arc<dyn RunLog>,
    pub(super) clock: Clock,
    pub(super) feed: Arc<Feed>,
    pub(super) held: Arc<Mutex<Holding>>,
}

#[derive(Default)]
pub(super) struct Holding {
    pub(super) ledger: Option<Arc<Ledger>>,
    pub(super) is_cancelled: bool,
}

impl Seat {
    /// Stores the ledger while the run is in memory.
    pub(super) fn hold(&self, ledger: &Arc<Ledger>) {
        let mut held = lock(&self.held);
        if held.is_cancelled {
            ledger.halt(Halt::Cancelled);
        }
        held.ledger = Some(ledger.clone());
    }
}
