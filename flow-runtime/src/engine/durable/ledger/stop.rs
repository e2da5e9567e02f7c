//! Stops a run before its end.

use std::convert::Infallible;
use std::future::pending;
use std::task::Waker;

use super::halt::Halt;
use super::inner::Ledger;
use crate::engine::mutex::lock;
use crate::error::{Error, Recorded};

impl Ledger {
    /// Stops the run, unless it was stopped already. A failure of the log, or records that do not fit, take precedence.
    pub(in crate::engine::durable) fn halt(&self, halt: Halt) {
        {
            let mut inner = lock(&self.inner);
            let gives_way = matches!(
                (&inner.halt, &halt),
                (None | Some(Halt::Draining), _)
                    | (Some(Halt::Shutdown | Halt::Undoing), Halt::Cancelled)
                    | (_, Halt::Broken(_) | Halt::Lost(_) | Halt::Unfit(_))
            );
            if !gives_way {
                return;
            }
            inner.halt = Some(halt);
        }
        self.task.wake();
    }

    /// Executes the run from its records again.
    pub(in crate::engine) async fn begin_anew(&self) -> Infallible {
        self.halt(Halt::Anew);
        pending().await
    }

    /// Stops the run without recording an end, so that it can be resumed once the problem is fixed.
    pub(in crate::engine) async fn break_off(&self, error: &Error) -> Infallible {
        self.halt(Halt::Unfit(Box::new(Recorded::from(error))));
        pending().await
    }

    /// Returns whether the run continues later or elsewhere, so that the steps dropped now are not cancelled.
    pub(in crate::engine) fn is_leaving(&self) -> bool {
        !matches!(lock(&self.inner).halt, None | Some(Halt::Cancelled | Halt::Undoing))
    }

    /// Returns why the run stops now, if it does.
    pub(in crate::engine::durable) fn stopped(&self) -> Option<Halt> {
        let inner = lock(&self.inner);
        match &inner.halt {
            Some(Halt::Draining) if inner.active > 0 => None,
            halt => halt.clone(),
        }
    }

    /// Registers the task to wake after a change from outside the run's own future.
    pub(in crate::engine::durable) fn driven_by(&self, task: &Waker) {
        self.task.register(task);
    }
}
