//! The steps in progress: a run may leave memory only if none is active.

use std::future::pending;

use super::inner::Ledger;
use crate::engine::mutex::lock;

/// A step in progress.
#[derive(Debug)]
pub(in crate::engine) struct Active<'l>(&'l Ledger);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner).active -= 1;
    }
}

/// A step that is inactive while another step serves it.
#[derive(Debug)]
pub(in crate::engine) struct Rest<'l>(&'l Ledger);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner).active += 1;
    }
}

impl Ledger {
    /// Enters a step. If nothing may start any more, this never completes.
    pub(in crate::engine) async fn enter(&self) -> Active<'_> {
        let halted = {
            let mut inner = lock(&self.inner);
            if inner.halt.is_none() {
                inner.active += 1;
            }
            inner.halt.is_some()
        };
        if halted {
            pending::<()>().await;
        }
        Active(self)
    }

    /// Keeps the run in memory.
    pub(super) fn busy(&self) -> Active<'_> {
        lock(&self.inner).active += 1;
        Active(self)
    }

    /// Makes a step inactive while another step serves it.
    pub(in crate::engine) fn rest(&self) -> Rest<'_> {
        lock(&self.inner).active -= 1;
        Rest(self)
    }
}
