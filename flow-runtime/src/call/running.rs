//! The step whose body is being polled.

use std::cell::Cell;
use std::ptr::NonNull;

use super::{Current, Cx};
use crate::error::{Error, Result};
use crate::provider::Usage;

thread_local! {
    /// The innermost [`Running`] on this thread's stack, set for one poll at a time; see [`Running::scope`].
    static RUNNING: Cell<Option<NonNull<Running<'static>>>> = const { Cell::new(None) };
}

/// The step whose body is being polled on this thread.
#[derive(Clone, Copy)]
pub(super) struct Running<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) step: &'static str,
    pub(super) attempt: u32,
}

impl Running<'_> {
    /// Polls a body; meanwhile `current()` returns this step.
    #[inline]
    pub(super) fn scope<R>(&self, poll: impl FnOnce() -> R) -> R {
        /// Restores the previous value, even after a panic.
        struct Restore(Option<NonNull<Running<'static>>>);
        impl Drop for Restore {
            #[inline]
            fn drop(&mut self) {
                RUNNING.set(self.0);
            }
        }
        let _restore = Restore(RUNNING.replace(Some(NonNull::from(self).cast())));
        poll()
    }

    /// Calls `look` with the running step, if any.
    fn look<R>(look: impl FnOnce(&Running<'_>) -> R) -> Option<R> {
        let running = RUNNING.get()?;
        // SAFETY: `scope` stores a pointer to a reference that outlives the poll, and restores the previous pointer before it
        // returns. `look` works for any lifetime, so it cannot keep the reference.
        #[allow(unsafe_code)]
        Some(look(unsafe { running.as_ref() }))
    }
}

impl Current {
    /// Adds tokens that the body used with its own client to the record of the step.
    pub fn report(&self, usage: Usage) {
        Running::look(|running| running.cx.run.engine.report(running.cx.run, self, usage));
    }
}

/// Returns the step whose body is running.
///
/// # Errors
///
/// Fails outside the body of a step that a runtime runs, and in tasks spawned by a body.
pub fn current() -> Result<Current> {
    let found = Running::look(|running| Current {
        run: running.cx.run.id().clone(),
        step: running.step,
        place: running.cx.place(),
        attempt: running.attempt,
    });
    found.ok_or_else(|| Error::terminal("`flow::current()` works only inside the body of a step that a runtime runs"))
}

/// The body of a step without one. It is never started, because calls of such steps are not futures outside a workflow.
///
/// # Errors
///
/// Never.
pub async fn bodyless<T>() -> T {
    std::future::pending().await
}
