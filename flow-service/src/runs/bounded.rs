//! Limits the number of ended runs kept in memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flow_runtime::journal::Memory;
use flow_runtime::run::RunId;

/// Deletes the oldest ended runs.
#[derive(Debug)]
pub(super) struct Bounded {
    memory: Memory,
    most: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// The ended runs, the oldest first.
    ended: VecDeque<RunId>,
    /// The number of clients waiting for each run; such a run is not deleted before they have the result.
    awaited: HashMap<RunId, usize>,
}

/// A client waiting for a run.
pub(super) struct Awaited {
    bounded: Arc<Bounded>,
    run: RunId,
}

impl Bounded {
    pub(super) fn new(memory: Memory, most: usize) -> Self {
        Self { memory, most, held: Mutex::default() }
    }

    /// Notes that a run has ended.
    pub(super) fn ended(&self, run: &RunId) {
        let mut held = self.held();
        held.ended.push_back(run.clone());
        self.forget_oldest(&mut held);
    }

    pub(super) fn awaited(self: &Arc<Self>, run: &RunId) -> Awaited {
        *self.held().awaited.entry(run.clone()).or_default() += 1;
        Awaited { bounded: self.clone(), run: run.clone() }
    }

    fn forget_oldest(&self, held: &mut Held) {
        while held.ended.len() > self.most {
            let Some(oldest) = held.ended.iter().position(|run| !held.awaited.contains_key(run)) else { return };
            if let Some(run) = held.ended.remove(oldest) {
                self.memory.forget(&run);
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        let mut held = self.bounded.held();
        if let Some(clients) = held.awaited.get_mut(&self.run) {
            *clients -= 1;
            if *clients == 0 {
                held.awaited.remove(&self.run);
            }
        }
        self.bounded.forget_oldest(&mut held);
    }
}
