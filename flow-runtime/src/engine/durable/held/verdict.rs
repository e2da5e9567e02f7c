//! The gates' verdict on an answer, on its way to the caller who gave it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;

use crate::engine::durable::verdicts::PATIENCE;
use crate::error::Result;

/// Reports the gates' verdict on an answer.
#[derive(Debug)]
pub(in crate::engine::durable) struct Teller {
    tell: oneshot::Sender<Result<()>>,
    pub(super) is_heard: Arc<AtomicBool>,
}

/// Receives the gates' verdict.
pub(super) struct Verdict {
    hear: oneshot::Receiver<Result<()>>,
    is_heard: Arc<AtomicBool>,
}

impl Teller {
    pub(super) fn new() -> (Self, Verdict) {
        let ((tell, hear), is_heard) = (oneshot::channel(), Arc::new(AtomicBool::new(false)));
        (Self { tell, is_heard: is_heard.clone() }, Verdict { hear, is_heard })
    }

    pub(in crate::engine::durable) fn tell(self, verdict: Result<()>) {
        // Fails only if the caller has stopped listening.
        let _ = self.tell.send(verdict);
    }
}

impl Verdict {
    /// Waits for the verdict. `None` if the run stopped first, or if the caller polls the run itself, which cannot reach a verdict
    /// while this waits.
    pub(super) async fn heard(mut self) -> Option<Result<()>> {
        tokio::select! {
            biased;
            verdict = &mut self.hear => return verdict.ok(),
            () = tokio::time::sleep(PATIENCE) => {}
        }
        if self.is_heard.load(Ordering::Acquire) { self.hear.await.ok() } else { None }
    }
}
