//! The threads that read: few, each with its own connection. A read does not depend on its caller being polled, so an unpolled
//! future never blocks the others.

use std::collections::VecDeque;
use std::future::Future;
use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::codec::Sealer;
use super::fault::setup;
use super::files::Opened;
use super::mutex::locked;
use super::open;
use super::read::Reader;
use crate::error::Result;

/// More threads would not read faster.
const READERS: usize = 4;

/// A read, including the delivery of its result.
type Job = Box<dyn FnOnce(Result<&Reader<'_>>) + Send>;

pub(super) struct Readers {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    opened: Opened,
    sealer: Sealer,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// The number of threads waiting for a job.
    idle: usize,
    closed: bool,
}

impl Readers {
    /// Threads are started on demand.
    pub(super) fn new(opened: Opened, sealer: Sealer) -> Self {
        let (state, changed) = Default::default();
        Self { shared: Arc::new(Shared { opened, sealer, state, changed }), threads: Mutex::default() }
    }

    /// Runs a read on one of the threads.
    pub(super) fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send + 'static {
        let (answer, answered) = oneshot::channel();
        let put = self.put(Box::new(move |reader| {
            // Skipped if the caller is gone.
            if !answer.is_closed() {
                let _ = answer.send(catch_unwind(AssertUnwindSafe(|| read(reader?))));
            }
        }));
        async move {
            put?;
            match answered.await {
                Ok(Ok(read)) => read,
                Ok(Err(panic)) => resume_unwind(panic),
                Err(_) => Err(setup("the journal was closed before it was read")),
            }
        }
    }

    fn put(&self, job: Job) -> Result<()> {
        let mut threads = locked(&self.threads);
        let waits = {
            let mut state = locked(&self.shared.state);
            state.jobs.push_back(job);
            state.jobs.len() > state.idle
        };
        self.shared.changed.notify_one();
        if waits && threads.len() < READERS {
            let shared = self.shared.clone();
            threads.push(Builder::new().name("flow-reader".into()).spawn(move || shared.serve())?);
        }
        Ok(())
    }
}

impl Shared {
    /// Serves reads until the journal is closed.
    fn serve(&self) {
        let mut connection: Option<Connection> = None;
        while let Some(job) = self.next() {
            let opened = match &mut connection {
                Some(connection) => Ok(&*connection),
                none => open::reading(&self.opened).map(|opened| &*none.insert(opened)),
            };
            match opened {
                Ok(connection) => job(Ok(&Reader { connection, opened: &self.opened, sealer: &self.sealer })),
                Err(error) => job(Err(error)),
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = locked(&self.state);
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
            state.idle -= 1;
        }
    }
}

impl Readers {
    /// Stops the threads, which releases their hold on the file. Pending reads are dropped.
    pub(super) fn close(&self) {
        let left = {
            let mut state = locked(&self.shared.state);
            state.closed = true;
            take(&mut state.jobs)
        };
        self.shared.changed.notify_all();
        drop(left);
        for thread in take(&mut *locked(&self.threads)) {
            // A panic during a read was already passed to its caller.
            let _ = thread.join();
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}
