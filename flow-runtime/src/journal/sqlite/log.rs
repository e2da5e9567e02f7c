//! The log of one run in the file.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use blake3::Hash;

use super::command::Command;
use super::entry::Entry;
use super::fault::Failure;
use super::inner::Inner;
use super::mutex::locked;
use super::options::Role;
use super::queue::Receipt;
use super::signals::{self, Take};
use crate::error::Result;
use crate::journal::{AppendError, RunLog, Slot};
use crate::place::{Place, RunId};
use crate::provider::BoxFuture;
use crate::run::{Record, RunState, Stamp};

pub(super) struct Log {
    pub(super) inner: Arc<Inner>,
    pub(super) run: RunId,
}

impl Log {
    /// Queues records as the command that `command` builds.
    fn put(&self, records: &[Record], command: impl FnOnce(Entry) -> Command) -> Result<Receipt<Failure>> {
        if let [Record::RunStarted { .. }, ..] = records {
            // A run with that id may have been pruned, and its large values with it.
            locked(&self.inner.known).remove(&self.run);
        }
        let known = |hash: &Hash| self.knows(hash);
        let entry = Entry::new(self.run.to_string(), records, &self.inner.sealer, &known)?;
        let again = entry.payloads.iter().filter(|payload| payload.again).map(|payload| payload.hash).collect();
        let receipt = self.inner.queue.put(command(entry));
        self.learn(again, records);
        Ok(receipt)
    }

    /// Whether the run already stores a large value, so that a reference is enough.
    fn knows(&self, hash: &Hash) -> bool {
        locked(&self.inner.known).get(&self.run).is_some_and(|known| known.contains(hash))
    }

    /// Remembers large values once they are queued, so that no reference is stored before its value.
    fn learn(&self, hashes: Vec<Hash>, records: &[Record]) {
        // A visitor does not learn which runs the executing process ended and pruned.
        if self.inner.role != Role::Runner {
            return;
        }
        let ends = |record: &Record| {
            matches!(record, Record::RunFinished { .. } | Record::RunFailed { .. } | Record::RunCancelled { .. })
        };
        let ends = records.iter().any(ends);
        if ends || !hashes.is_empty() {
            let mut known = locked(&self.inner.known);
            if ends {
                known.remove(&self.run);
            } else {
                known.entry(self.run.clone()).or_default().extend(hashes);
            }
        }
    }
}

impl RunLog for Log {
    fn append(&self, records: &[Record]) -> BoxFuture<'static, Result<(), AppendError>> {
        match self.put(records, |entry| Command::Append(Box::new(entry))) {
            Ok(receipt) => Box::pin(async { receipt.await.map(drop).map_err(broken) }),
            Err(error) => Box::pin(ready(Err(error.into()))),
        }
    }

    fn append_wait(
        &self,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>, AppendError>> {
        let (out, sealer) = (signals::out(), self.inner.sealer.clone());
        let take = |entry| Take { entry, place: place.clone(), slot: slot.clone(), now, sealer, out: out.clone() };
        match self.put(records, |entry| Command::Take(Box::new(take(entry)))) {
            Ok(receipt) => Box::pin(async move { receipt.await.map(|_| signals::answered(&out)).map_err(broken) }),
            Err(error) => Box::pin(ready(Err(error.into()))),
        }
    }

    fn state(&self) -> BoxFuture<'static, Result<RunState>> {
        let (inner, run) = (self.inner.clone(), self.run.clone());
        Box::pin(async move { inner.readers.read(move |reader| reader.state(&run)).await })
    }
}

fn broken(failure: Failure) -> AppendError {
    AppendError::Broken(failure.into())
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("path", &self.inner.path).field("run", &self.run).finish_non_exhaustive()
    }
}
