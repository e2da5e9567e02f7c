//! What a failed run undoes.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::{InProcess, lock};
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
        let place = done.place(&cx);
        engine.watch().event(|| Event::WillCompensate { run: run.id().clone(), place: place.clone(), step });
        let undoing = AssertUnwindSafe(done.undo(&cx)).catch_unwind().await;
        match undoing.unwrap_or_else(|panic| Err(panicked(panic))) {
            Ok(()) => lock(&engine.undone).push(place),
            Err(failed_too) => error = error.with_not_undone(undone, failed_too),
        }
    }
    error
}
