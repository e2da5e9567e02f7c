//! What all runs have in common: the engine they start on, and the undoing of finished steps when they fail.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;

use super::durable::Ledger;
use super::feed::Feed;
use super::in_process::InProcess;
use super::runtime::Runtime;
use super::{telemetry, undo};
use crate::call::panicked;
use crate::call::{Cx, Run};
use crate::error::Result;
use crate::graph::Meta;
use crate::place::{Place, RunId};
use crate::run::RunState;

impl Runtime {
    pub(super) fn begin_kept(
        &self,
        id: &RunId,
        meta: &'static Meta,
        ledger: &Arc<Ledger>,
        feed: Option<&Arc<Feed>>,
    ) -> (Run, Arc<InProcess>) {
        let engine = Arc::new(InProcess::kept(self.shared().clone(), feed.cloned(), ledger.clone()));
        engine.open_budgets(Place::root, meta);
        let run = Run::new(Some(id.clone()), meta.name, false, engine.clone());
        run.done.start_at(ledger.look(RunState::ends));
        (run, engine)
    }

    pub(super) fn begin(
        &self,
        id: Option<RunId>,
        meta: &'static Meta,
        feed: Option<Arc<Feed>>,
    ) -> (Run, Arc<InProcess>) {
        let shared = self.shared();
        // Budgets belong to one run, whose engine has to see the workflows that start in it.
        let capped = shared.is_capped(meta);
        let quiet = shared.observers.is_empty()
            && shared.scripts.is_none()
            && feed.is_none()
            && !capped
            && !telemetry::is_heard();
        let engine = if quiet { self.quiet.clone() } else { Arc::new(InProcess::new(shared.clone(), feed)) };
        engine.open_budgets(Place::root, meta);
        (Run::new(id, meta.name, quiet, engine.clone()), engine)
    }
}

/// Runs the body: turns a panic into an error, adds the run to each error, and undoes the steps of a failed run.
pub(super) async fn contained<T>(
    engine: &InProcess,
    run: &Run,
    body: Pin<&mut impl Future<Output = Result<T>>>,
) -> Result<T> {
    let outcome = AssertUnwindSafe(body).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(panic)));
    match outcome {
        Ok(output) => Ok(output),
        Err(error) => {
            let cx = Cx::root(run);
            Err(Box::pin(undo::after(engine, &cx, error.or_at(|| cx.at()))).await)
        }
    }
}
