//! Listening, and stopping without losing work.

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

/// A service bound to an address.
#[must_use = "a server answers nothing until `until`"]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    runs: Arc<Runs>,
    resumed: Vec<Resumed>,
}

/// How long waiting clients have to read their last responses.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How a server stopped.
#[derive(Debug)]
#[non_exhaustive]
pub struct Stopped {
    /// How many runs were still executing after the grace period, and were cancelled. Always 0 with a journal.
    pub cancelled: usize,
    /// How many executing runs were stopped and continue when the journal is served or resumed again.
    pub kept: usize,
    /// The error of the journal, if it stopped the server; end the process and start it again.
    pub failure: Option<Error>,
}

impl Service {
    /// Binds the address. Requests are answered once [`Server::until`] runs.
    ///
    /// # Errors
    ///
    /// Fails if other machines can reach the address or it is in use, if two providers have the same name, if an MCP server cannot be
    /// reached or does not fit the steps that call it, or like [`openapi`](Self::openapi).
    pub async fn bind(self, address: SocketAddr) -> Result<Server> {
        let address = require_loopback(address)?;
        let document = self.openapi()?;
        let listener = TcpListener::bind(address).await.map_err(|error| taken(address, &error))?;
        let address = listener.local_addr()?;
        let (runs, resumed) = Runs::open(self.builder, &self.workflows, self.limits).await?;
        let router = api::router(self.workflows, runs.clone(), self.limits, document);
        Ok(Server { listener, address, router, runs, resumed })
    }
}

impl Server {
    /// Returns the runs that an earlier process left in the journal. They continue here; runs of workflows that the service does
    /// not have stay as they are.
    pub fn resumed(&self) -> &[Resumed] {
        &self.resumed
    }

    /// Returns the runs of the journal that this build cannot continue, as they are found. Answers to them get 409.
    pub fn obstacles(&self) -> Obstacles {
        self.runs.runtime.obstacles()
    }

    /// Returns the bound address, with the port chosen by the system.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `signal` completes.
    ///
    /// From then on, no connection is accepted and no run is started. Running work gets the [grace](Service::grace) period to
    /// end: complete runs in memory, and only the current steps of journaled runs, which continue when they are resumed. The rest
    /// is stopped. If the journal [fails](flow_runtime::engine::Runtime::journal_failed), the server stops in the same way.
    /// Dropping the future stops immediately.
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

    /// Answers requests [until](Self::until) the process is interrupted (ctrl-c) or told to terminate. A second interruption
    /// during the grace period ends the runs immediately.
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

/// Stops running work when the server is dropped.
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

/// Waits for the next interruption, forever if the system has none.
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
