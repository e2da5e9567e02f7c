//! Listens, and stops without losing what is under way.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use flow_runtime::engine::{Obstacles, Resumed};
use flow_runtime::error::{Error, ErrorKind, Result};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::address::require_loopback;
use crate::api;
use crate::runs::Runs;
use crate::service::Service;

/// A service that listens.
#[must_use = "a server answers nothing until `until`"]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    runs: Arc<Runs>,
    resumed: Vec<Resumed>,
}

/// How long clients that were kept waiting have to read their last answers.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How a server has stopped.
#[derive(Debug)]
#[non_exhaustive]
pub struct Stopped {
    /// How many runs were still under way after the time they were given, and were ended. None where a journal keeps them.
    pub cancelled: usize,
    /// How many runs under way were stopped, and go on when the journal is served or resumed again.
    pub kept: usize,
    /// Why the journal keeps nothing any more, where that has stopped the server: the process is to end, and to be started again.
    pub failure: Option<Error>,
}

impl Server {
    pub(crate) async fn bind(service: Service, address: SocketAddr) -> Result<Self> {
        let address = require_loopback(address)?;
        let document = service.openapi()?;
        let listener = TcpListener::bind(address).await.map_err(|error| taken(address, &error))?;
        let address = listener.local_addr()?;
        let (runs, resumed) = Runs::open(service.builder, &service.workflows, service.limits).await?;
        let router = api::router(service.workflows, runs.clone(), service.limits, document);
        Ok(Self { listener, address, router, runs, resumed })
    }

    /// The runs that an earlier process has left in the journal. They go on from here; those of a workflow that the service does not
    /// have stay as they are.
    pub fn resumed(&self) -> &[Resumed] {
        &self.resumed
    }

    /// The runs of the journal that this build cannot go on with, as they are found. Answers to them are refused with 409.
    pub fn obstacles(&self) -> Obstacles {
        self.runs.runtime.obstacles()
    }

    /// Where it listens, with the port that the system has chosen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until the signal. From then on no connection is accepted and no run is begun; what is under way has the
    /// [grace](Service::grace) to end: runs in memory themselves, and of runs that a journal keeps the steps, since these runs go
    /// on when they are resumed. What is left after that is stopped. A journal that [fails](flow_runtime::engine::Runtime::journal_failed) stops it as the
    /// signal does. Dropping the future stops at once.
    pub async fn until(self, signal: impl Future<Output = ()>) -> Stopped {
        let (stop, stopping) = oneshot::channel::<()>();
        let serving = axum::serve(self.listener, self.router).with_graceful_shutdown(async {
            let _ = stopping.await;
        });
        let mut serving = std::pin::pin!(serving.into_future());
        let ending = Ending(self.runs);
        let (is_over, failure) = tokio::select! {
            _ = &mut serving => (true, None),
            () = signal => (false, None),
            error = ending.0.runtime.journal_failed() => (false, Some(error)),
        };
        ending.0.close();
        drop(stop);
        let last_answers = async {
            ending.0.hurried().await;
            tokio::time::sleep(LAST_ANSWERS).await;
        };
        let answering = async {
            tokio::select! {
                _ = &mut serving, if !is_over => {}
                () = last_answers => {}
            }
        };
        let (left, ()) = tokio::join!(ending.0.finish(), answering);
        let in_memory = ending.0.is_in_memory();
        let (cancelled, kept) = if in_memory { (left, 0) } else { (0, left) };
        Stopped { cancelled, kept, failure }
    }

    /// Answers requests [until](Self::until) the process is interrupted (ctrl-c) or told to terminate. A second interruption, while
    /// runs have their last time, ends them at once.
    pub async fn until_interrupted(self) -> Stopped {
        let runs = self.runs.clone();
        let interrupted = async {
            interruption().await;
            interruption().await;
            runs.stop().await;
            std::future::pending().await
        };
        tokio::select! {
            stopped = self.until(interruption()) => stopped,
            stopped = interrupted => stopped,
        }
    }
}

/// Stops what is under way when the server is dropped.
struct Ending(Arc<Runs>);

impl Drop for Ending {
    fn drop(&mut self) {
        // Without a runtime there are no tasks to stop.
        if !self.0.has_stopped()
            && let Ok(tasks) = Handle::try_current()
        {
            let runs = self.0.clone();
            tasks.spawn(async move { runs.stop().await });
        }
    }
}

/// The next signal to stop; never where the system has none.
async fn interruption() {
    tokio::select! {
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = termination() => {}
        else => std::future::pending().await,
    }
}

#[cfg(unix)]
async fn termination() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn termination() {
    std::future::pending().await
}

fn taken(address: SocketAddr, error: &std::io::Error) -> Error {
    let text = format!("the service cannot listen on `{address}`: {error}; port 0 lets the system choose one");
    Error::new(ErrorKind::Setup, text)
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}
