//! The steps that wait in memory, and the signals that arrived early.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::Value;
use tokio::sync::oneshot;

use super::verdict::Teller;
use crate::engine::durable::asked::Asked;
use crate::engine::mutex::lock;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::journal::{KeptSignals, Signal, Slot};
use crate::place::RunId;
use crate::run::Wait;

/// The steps waiting in memory, and signals that arrived early.
#[derive(Debug, Default)]
pub(in crate::engine) struct Held {
    pub(super) inner: Mutex<Inner>,
    /// The workflows of the runtime, searched for signal steps by id.
    known: Mutex<Vec<&'static Meta>>,
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    /// In the order in which they started to wait.
    pub(super) open: BTreeMap<u64, Open>,
    pub(super) begun: u64,
    pub(super) signals: KeptSignals,
}

#[derive(Debug)]
pub(super) struct Open {
    pub(super) wait: Wait,
    pub(super) input: Value,
    pub(super) meta: &'static Meta,
    pub(super) hear: oneshot::Sender<Heard>,
}

/// An answer that was handed to its step.
#[derive(Debug)]
pub(in crate::engine::durable) struct Heard {
    pub(in crate::engine::durable) answer: Value,
    pub(super) by: Option<String>,
    /// Reports the verdict of the step's gates to the caller who answered.
    pub(in crate::engine::durable) teller: Option<Teller>,
}

impl Held {
    /// Registers a workflow, for its signal steps.
    pub(in crate::engine) fn learn(&self, workflow: &'static Meta) {
        let mut known = lock(&self.known);
        if !known.iter().any(|other| std::ptr::eq(*other, workflow)) {
            known.push(workflow);
        }
    }

    pub(in crate::engine::durable) fn known(&self) -> Vec<&'static Meta> {
        lock(&self.known).clone()
    }

    /// Returns the waits, the oldest first.
    pub(in crate::engine::durable) fn waits(&self) -> Vec<Wait> {
        lock(&self.inner).open.values().map(|open| open.wait.clone()).collect()
    }

    /// Starts a step's wait, unless a signal was kept for it.
    pub(super) fn begin(&self, wait: &Wait, input: Value, meta: &'static Meta) -> Result<Waiting<'_>, Box<Signal>> {
        let mut inner = lock(&self.inner);
        if let Some(signal) = Slot::of(wait).and_then(|slot| inner.signals.take(&slot, wait.at)) {
            return Err(Box::new(signal));
        }
        let (tell, hear) = oneshot::channel();
        let key = inner.begun;
        inner.begun += 1;
        inner.open.insert(key, Open { wait: wait.clone(), input, meta, hear: tell });
        Ok(Waiting { held: self, key, hear })
    }

    pub(super) fn find(&self, run: &RunId, place: &str) -> Result<(u64, Asked)> {
        let inner = lock(&self.inner);
        let found = inner.open.iter().find(|(_, open)| open.wait.run == *run && open.wait.place.as_str() == place);
        let Some((key, open)) = found else {
            let text = format!(
                "no step is waiting at `{place}` in run `{run}`, or it was already answered; without a journal, only runs in progress in this process can be answered"
            );
            return Err(Error::new(ErrorKind::Setup, text));
        };
        Ok((*key, open.asked()))
    }

    /// Hands an answer to a step, unless another answer came first.
    pub(super) fn hand(&self, key: u64, heard: Heard) -> Result<(), Heard> {
        match lock(&self.inner).open.remove(&key) {
            Some(open) => open.hear.send(heard),
            None => Err(heard),
        }
    }

    pub(super) fn waiting_for(&self, slot: &Slot) -> Vec<(u64, Asked)> {
        let inner = lock(&self.inner);
        let waiting = inner.open.iter().filter(|(_, open)| Slot::of(&open.wait).as_ref() == Some(slot));
        waiting.map(|(key, open)| (*key, open.asked())).collect()
    }
}

impl Open {
    fn asked(&self) -> Asked {
        let Self { wait, input, meta, .. } = self;
        // The run, which is in memory, has its attachments.
        Asked { place: wait.place.clone(), wait: wait.clone(), input: input.clone(), _media: Vec::new(), meta }
    }
}

/// A waiting step. Dropping it ends the wait.
pub(super) struct Waiting<'h> {
    held: &'h Held,
    key: u64,
    pub(super) hear: oneshot::Receiver<Heard>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        lock(&self.held.inner).open.remove(&self.key);
    }
}
