//! Counters for bodies, and runtimes that act as processes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use flow::journal::Memory;
use flow::prelude::*;
use flow::run::{Record, Stamp};

/// How often each body has started, by step and input.
#[derive(Clone, Default)]
pub struct Counts(Arc<Mutex<BTreeMap<String, u32>>>);

impl Counts {
    pub fn count(&self, what: impl Into<String>) {
        *self.0.lock().unwrap().entry(what.into()).or_default() += 1;
    }

    /// All counts, sorted by name.
    pub fn all(&self) -> Vec<(String, u32)> {
        self.0.lock().unwrap().clone().into_iter().collect()
    }

    pub fn of(&self, what: &str) -> u32 {
        self.0.lock().unwrap().get(what).copied().unwrap_or_default()
    }
}

/// A runtime over a journal, as in a new process.
pub fn process(journal: &Memory, counts: &Counts) -> Runtime {
    Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0
}

/// Lets all tasks run until none can progress.
pub async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

/// The records as lines: kind and place.
pub fn lines(records: &[Record]) -> Vec<String> {
    let line = |record: &Record| {
        let json = flow::serde_json::to_value(record).unwrap();
        let place = json.get("place").and_then(|place| place.as_str()).unwrap_or_default();
        format!("{} {place}", json["record"].as_str().unwrap()).trim_end().to_owned()
    };
    records.iter().map(line).collect()
}

/// A clock that follows tokio's, which a test may have paused.
pub fn tokio_clock() -> Stamp {
    static START: OnceLock<(Stamp, std::time::Instant)> = OnceLock::new();
    let (stamp, instant) = START.get_or_init(|| (Stamp::now(), std::time::Instant::now()));
    stamp.plus(flow::tokio::time::Instant::now().into_std().saturating_duration_since(*instant))
}
