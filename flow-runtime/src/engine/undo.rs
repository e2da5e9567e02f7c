//! What a failed run undoes.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::InProcess;
use crate::call::panicked;
use crate::error::Error;
use crate::event::Event;
use crate::run::{Cx, Run};

/// Undoes the finished steps that have a `compensate` step, the last first. One that cannot be undone does not keep the others
/// from it; the error of the run says which.
pub(super) async fn all(engine: &InProcess, run: &Run, mut error: Error) -> Error {
    let cx = Cx::root(run);
    for done in run.done.take().into_iter().rev() {
        let (undone, step) = (done.step.name, done.step.policy.compensate.map_or("", |step| step.get().name));
        engine.shared.watch(engine.feed.as_ref()).event(|| Event::WillCompensate {
            run: run.id().clone(),
            place: done.place(&cx),
            step,
        });
        let undoing = AssertUnwindSafe(done.undo(&cx)).catch_unwind().await;
        if let Err(failed_too) = undoing.unwrap_or_else(|panic| Err(panicked(panic))) {
            error = error.with_not_undone(undone, failed_too);
        }
    }
    error
}
