//! A journal whose calls a test delays.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use flow::journal::Memory;
use flow::provider::BoxFuture;
use tokio::sync::Semaphore;

use super::hooked::{Call, Hooked, Hooks, When};

/// An in-memory journal with one call whose work is done but whose answer is delayed until the test releases it.
pub(crate) type Held = Hooked<Holds>;

#[derive(Clone, Debug)]
pub(crate) struct Holds {
    /// The number of calls that pass before one is held; `usize::MAX` to hold none.
    left: Arc<AtomicUsize>,
    reached: Arc<Semaphore>,
    go: Arc<Semaphore>,
}

pub(crate) fn held() -> Held {
    let none = || Arc::new(Semaphore::new(0));
    let holds = Holds { left: Arc::new(AtomicUsize::new(usize::MAX)), reached: none(), go: none() };
    Hooked::new(&Memory::new(), holds)
}

impl Holds {
    /// Holds the call after the next `calls` calls.
    pub(crate) fn hold_after(&self, calls: usize) {
        self.left.store(calls, SeqCst);
    }

    /// Waits until a call is held.
    pub(crate) async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    pub(crate) fn release(&self) {
        self.left.store(usize::MAX, SeqCst);
        self.go.add_permits(1);
    }

    async fn pass(self) {
        let next = |left: usize| (left != usize::MAX).then(|| left.checked_sub(1).unwrap_or(usize::MAX));
        if self.left.fetch_update(SeqCst, SeqCst, next) == Ok(0) {
            self.reached.add_permits(1);
            self.go.acquire().await.unwrap().forget();
        }
    }
}

impl Hooks for Holds {
    fn holds(&self, call: Call, when: When) -> BoxFuture<'static, ()> {
        let this = self.clone();
        match when == When::After && call != Call::Prune {
            true => Box::pin(this.pass()),
            false => Box::pin(async {}),
        }
    }
}
