//! A journal that ends with its process.

use std::collections::HashMap;
use std::fmt;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::kept::KeptSignals;
use super::signal::is_rejected;
use super::{AppendError, Cache, Delivered, Judged, Query, RunLog, Signal, Slot, Store};
use crate::error::Result;
use crate::place::{Place, RunId};
use crate::provider::BoxFuture;
use crate::run::{Record, RunState, Stamp, Summary};

/// A journal in memory.
///
/// Runs can wait for people and leave memory as with any journal, but end with the process. For tests, and for workflows that
/// wait within one process. Clones share their records.
///
/// ```
/// use flow_runtime::engine::Runtime;
/// use flow_runtime::journal::Memory;
///
/// let runtime = Runtime::builder().journal(Memory::new()).build()?;
/// # Ok::<(), flow_runtime::error::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    runs: HashMap<RunId, (Summary, Vec<Record>)>,
    /// In the order in which the runs started.
    order: Vec<RunId>,
    answers: HashMap<String, (Value, Option<Stamp>)>,
    signals: KeptSignals,
}

impl Memory {
    /// Creates an empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Deletes a run, whether or not it has ended.
    pub fn forget(&self, run: &RunId) {
        let mut kept = self.kept();
        kept.runs.remove(run);
        kept.order.retain(|other| other != run);
    }

    fn records(&self, run: &RunId) -> Vec<Record> {
        self.kept().runs.get(run).map(|(_, records)| records.clone()).unwrap_or_default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn add(&mut self, record: &Record) {
        if let Some((summary, records)) = self.runs.get_mut(record.run()) {
            summary.apply(record);
            records.push(record.clone());
        } else if let Some(summary) = Summary::begin(record) {
            self.order.push(record.run().clone());
            self.runs.insert(record.run().clone(), (summary, vec![record.clone()]));
        }
    }

    fn prune(&mut self, ended_before: Stamp) -> u64 {
        let before = self.runs.len();
        self.runs.retain(|_, (summary, _)| summary.ended.is_none_or(|ended| ended >= ended_before));
        let runs = &self.runs;
        self.order.retain(|run| runs.contains_key(run));
        (before - self.runs.len()) as u64
    }
}

impl Kept {
    fn give(&mut self, signal: &Signal, judged: &[Judged]) -> Delivered {
        if self.signals.is_repeated(signal) {
            return Delivered::Repeated;
        }
        let waits = self.order.iter().filter_map(|run| self.runs.get(run)).flat_map(|(summary, _)| &summary.waits);
        let waits = waits.filter(|wait| Slot::of(wait).as_ref() == Some(&signal.slot));
        let open: Vec<_> = waits.map(|wait| (wait.run.clone(), wait.place.clone())).collect();
        self.signals.keep(signal, !open.is_empty());
        if open.is_empty() {
            return Delivered::Kept;
        }
        let given: Vec<_> = open.into_iter().filter(|(run, place)| !is_rejected(judged, run, place)).collect();
        given.iter().for_each(|(run, place)| self.add(&signal.answered(run, place, signal.at)));
        Delivered::To(given)
    }
}

#[derive(Debug)]
struct Log {
    journal: Memory,
    run: RunId,
}

impl RunLog for Log {
    fn append(&self, records: &[Record]) -> BoxFuture<'static, Result<(), AppendError>> {
        let mut kept = self.journal.kept();
        records.iter().for_each(|record| kept.add(record));
        Box::pin(ready(Ok(())))
    }

    fn append_wait(
        &self,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>, AppendError>> {
        let mut kept = self.journal.kept();
        records.iter().for_each(|record| kept.add(record));
        let answered = kept.signals.take(slot, now).map(|signal| signal.answered(&self.run, place, now));
        answered.iter().for_each(|record| kept.add(record));
        Box::pin(ready(Ok(answered)))
    }

    fn state(&self) -> BoxFuture<'static, Result<RunState>> {
        Box::pin(ready(Ok(RunState::of(self.journal.records(&self.run)))))
    }
}

impl Store for Memory {
    fn log(&self, run: &RunId) -> Arc<dyn RunLog> {
        Arc::new(Log { journal: self.clone(), run: run.clone() })
    }

    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        Box::pin(ready(Ok(self.kept().give(signal, judged))))
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        Box::pin(ready(Ok(self.records(run))))
    }

    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        let kept = self.kept();
        let summaries = kept.order.iter().rev().filter_map(|run| kept.runs.get(run)).map(|(summary, _)| summary);
        let wanted = summaries.filter(|summary| query.wants(summary)).take(query.limit.unwrap_or(usize::MAX));
        Box::pin(ready(Ok(wanted.cloned().collect())))
    }

    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        Box::pin(pending())
    }

    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        Box::pin(ready(Ok(self.kept().prune(ended_before))))
    }
}

impl Cache for Memory {
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        let kept = self.kept();
        let found = kept.answers.get(key).filter(|(_, until)| until.is_none_or(|until| until > now));
        Box::pin(ready(Ok(found.map(|(answer, _)| answer.clone()))))
    }

    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        self.kept().answers.insert(key.to_owned(), (answer.clone(), until));
        Box::pin(ready(Ok(())))
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("runs", &self.kept().runs.len()).finish_non_exhaustive()
    }
}
