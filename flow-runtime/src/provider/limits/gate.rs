//! The queue of requests waiting for capacity.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::window::Window;
use crate::provider::Usage;

/// Admits requests in order of arrival.
pub(super) struct Gate {
    limits: Limits,
    /// Held by the next request in line. Tokio's mutex is fair, and a dropped waiter leaves its queue.
    turn: tokio::sync::Mutex<()>,
    room: Option<Semaphore>,
    window: Mutex<Window>,
    /// Notified when a request used fewer tokens than estimated.
    freed: Notify,
}

/// Permission to send a request. Dropping it frees its concurrency slot; the tokens count as estimated unless settled.
pub(super) struct Ticket<'a> {
    gate: &'a Gate,
    admission: u64,
    _room: Option<SemaphorePermit<'a>>,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        let room = limits.concurrency.map(|most| Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        let window = Mutex::new(Window::new(limits.requests, limits.tokens));
        Self { limits, turn: tokio::sync::Mutex::default(), room, window, freed: Notify::new() }
    }

    /// Waits for its turn, then for capacity.
    pub(super) async fn enter(&self, tokens: u64) -> Ticket<'_> {
        let _turn = self.turn.lock().await;
        let room = match &self.room {
            // The semaphore is never closed.
            Some(room) => room.acquire().await.ok(),
            None => None,
        };
        loop {
            let admission = self.window().admit(Instant::now(), tokens);
            match admission {
                Ok(admission) => return Ticket { gate: self, admission, _room: room },
                // Only the holder of the turn waits here, so no wake-up is wasted.
                Err(until) => drop(timeout_at(until, self.freed.notified()).await),
            }
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// Replaces the estimate by the actual usage; an unknown usage leaves it.
    pub(super) fn settle(self, usage: Usage) {
        if usage.input_tokens.is_none() && usage.output_tokens.is_none() {
            return;
        }
        let tokens = usage.input_tokens.unwrap_or(0).saturating_add(usage.output_tokens.unwrap_or(0));
        self.gate.window().settle(self.admission, tokens);
        self.gate.freed.notify_one();
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gate").field(&self.limits).finish()
    }
}
