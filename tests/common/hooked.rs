//! An in-memory journal whose calls a test can observe, delay or fail.

#![allow(dead_code, reason = "not every test that includes this uses all of it")]

use std::fmt;
use std::sync::Arc;

use flow::journal::{AppendError, Cache, Delivered, Judged, Memory, Query, RunLog, Signal, Slot, Store};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Place, Record, RunId, RunState, Stamp, Summary};
use flow::serde_json::Value;

/// A call of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Append,
    Signal,
    State,
    Read,
    Runs,
    Prune,
}

/// When a hook is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

/// A test's hooks around the calls. Each does nothing by default.
pub(crate) trait Hooks: Clone + fmt::Debug + Send + Sync + 'static {
    /// Records or a signal are about to be kept; an error is returned instead.
    fn appends(&self, _records: &[Record]) -> Result<(), AppendError> {
        Ok(())
    }

    /// A run is about to be read; an error is returned instead.
    fn reads(&self, _run: &RunId) -> Result<()> {
        Ok(())
    }

    /// Delays a call before or after its work.
    fn holds(&self, _call: Call, _when: When) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }

    /// Replaces the news of the in-memory journal.
    fn news(&self) -> Option<BoxFuture<'static, Result<Vec<RunId>>>> {
        None
    }

    fn executes(&self) -> bool {
        true
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Hooked<H> {
    pub(crate) memory: Memory,
    pub(crate) hooks: H,
}

impl<H: Hooks> Hooked<H> {
    pub(crate) fn new(memory: &Memory, hooks: H) -> Self {
        Self { memory: memory.clone(), hooks }
    }

    /// Runs a call with its hooks. An append is already queued while it is delayed.
    fn held<T: Send + 'static>(
        &self,
        call: Call,
        work: impl Future<Output = T> + Send + 'static,
    ) -> BoxFuture<'static, T> {
        let hooks = self.hooks.clone();
        Box::pin(async move {
            hooks.holds(call, When::Before).await;
            let done = work.await;
            hooks.holds(call, When::After).await;
            done
        })
    }
}

#[derive(Debug)]
struct Log<H> {
    journal: Hooked<H>,
    run: RunId,
    log: Arc<dyn RunLog>,
}

impl<H: Hooks> RunLog for Log<H> {
    fn append(&self, records: &[Record]) -> BoxFuture<'static, Result<(), AppendError>> {
        match self.journal.hooks.appends(records) {
            Ok(()) => self.journal.held(Call::Append, self.log.append(records)),
            Err(failure) => Box::pin(async { Err(failure) }),
        }
    }

    fn append_wait(
        &self,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>, AppendError>> {
        match self.journal.hooks.appends(records) {
            Ok(()) => self.journal.held(Call::Append, self.log.append_wait(records, place, slot, now)),
            Err(failure) => Box::pin(async { Err(failure) }),
        }
    }

    fn state(&self) -> BoxFuture<'static, Result<RunState>> {
        let (log, readable) = (self.log.clone(), self.journal.hooks.reads(&self.run));
        self.journal.held(Call::State, async move {
            readable?;
            log.state().await
        })
    }
}

impl<H: Hooks> Store for Hooked<H> {
    fn log(&self, run: &RunId) -> Arc<dyn RunLog> {
        Arc::new(Log { journal: self.clone(), run: run.clone(), log: self.memory.log(run) })
    }

    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        let (memory, signal, judged) = (self.memory.clone(), signal.clone(), judged.to_vec());
        let writable = self.hooks.appends(&[]);
        self.held(Call::Signal, async move {
            writable?;
            memory.signal(&signal, &judged).await
        })
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        let (memory, run, readable) = (self.memory.clone(), run.clone(), self.hooks.reads(run));
        self.held(Call::Read, async move {
            readable?;
            memory.read(&run).await
        })
    }

    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        let (memory, query) = (self.memory.clone(), query.clone());
        self.held(Call::Runs, async move { memory.runs(&query).await })
    }

    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        self.hooks.news().unwrap_or_else(|| self.memory.news())
    }

    fn executes(&self) -> bool {
        self.hooks.executes()
    }

    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        let memory = self.memory.clone();
        self.held(Call::Prune, async move { memory.prune(ended_before).await })
    }
}

impl<H: Hooks> Cache for Hooked<H> {
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        self.memory.cached(key, now)
    }

    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        self.memory.cache(key, answer, until)
    }
}
