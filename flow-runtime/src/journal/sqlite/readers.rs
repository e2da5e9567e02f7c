//! The threads that read: few, each with a connection of its own. A reading does not depend on who waits for it, so nobody waits
//! for a turn that was given to a future which is not polled.

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
use super::read::Reader;
use super::{locked, open};
use crate::error::Result;

/// More would not read faster.
const READERS: usize = 4;

/// What is read, and what then becomes of it.
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
    /// Threads that wait for a job.
    idle: usize,
    closed: bool,
}

impl Readers {
    /// None runs before something is to be read.
    pub(super) fn new(opened: Opened, sealer: Sealer) -> Self {
        let (state, changed) = Default::default();
        Self { shared: Arc::new(Shared { opened, sealer, state, changed }), threads: Mutex::default() }
    }

    /// Reads on one of the threads.
    pub(super) fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send + 'static {
        let (answer, answered) = oneshot::channel();
        let put = self.put(Box::new(move |reader| {
            // Who no longer waits is not read for.
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
    /// Reads until the journal is closed.
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
    /// Ends the threads, and with them their hold on the file. What was not read yet is given up.
    pub(super) fn close(&self) {
        let left = {
            let mut state = locked(&self.shared.state);
            state.closed = true;
            take(&mut state.jobs)
        };
        self.shared.changed.notify_all();
        drop(left);
        for thread in take(&mut *locked(&self.threads)) {
            // What panicked while it read has told who waited for it.
            let _ = thread.join();
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}
