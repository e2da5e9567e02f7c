//! Where requests wait until there is room for them.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::window::Window;
use crate::provider::Usage;

/// Lets requests through one after the other.
pub(super) struct Gate {
    limits: Limits,
    /// Held by the request that is next. Tokio's lock is handed on in the order of asking, and dropping a waiter takes it
    /// out of the queue.
    turn: tokio::sync::Mutex<()>,
    room: Option<Semaphore>,
    window: Mutex<Window>,
    /// Told when a request took fewer tokens than was thought.
    freed: Notify,
}

/// Leave to ask. Dropping it makes room for another; the tokens count as guessed unless they were settled.
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

    /// Waits for its turn, then for room.
    pub(super) async fn enter(&self, tokens: u64) -> Ticket<'_> {
        let _turn = self.turn.lock().await;
        let room = match &self.room {
            // Nobody closes it.
            Some(room) => room.acquire().await.ok(),
            None => None,
        };
        loop {
            let admission = self.window().admit(Instant::now(), tokens);
            match admission {
                Ok(admission) => return Ticket { gate: self, admission, _room: room },
                // Only the one whose turn it is waits here, so none is woken in vain.
                Err(until) => drop(timeout_at(until, self.freed.notified()).await),
            }
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// Says what the request took; what is unknown stays as it was guessed.
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
