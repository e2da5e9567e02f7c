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
    let mut finished = run.done.take();
    // Steps that were taken over from records stand in the order in which they had finished, before all others.
    finished
        .sort_by_cached_key(|done| lock(&engine.finished_before).get(&done.place(&cx)).copied().unwrap_or(u64::MAX));
    for done in finished.into_iter().rev() {
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
