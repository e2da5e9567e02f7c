//! Listens, and stops without losing what is under way.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use flow_runtime::error::{Error, ErrorKind, Result};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::address::require_loopback;
use crate::api;
use crate::runs::{Recorder, Runs};
use crate::service::Service;

/// A service that listens.
#[must_use = "a server answers nothing until `until`"]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    runs: Arc<Runs>,
    grace: Duration,
}

/// How a server has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stopped {
    /// How many runs were still under way after the time they were given, and were ended.
    pub cancelled: usize,
}

impl Server {
    pub(crate) async fn bind(service: Service, address: SocketAddr) -> Result<Self> {
        let address = require_loopback(address)?;
        let document = service.openapi()?;
        let runs = Runs::new(service.limits);
        let runtime = service.builder.observe(Recorder(runs.clone())).build()?;
        let listener = TcpListener::bind(address).await.map_err(|error| taken(address, &error))?;
        let address = listener.local_addr()?;
        let router = api::router(runtime, service.workflows, runs.clone(), service.limits, document);
        Ok(Self { listener, address, router, runs, grace: service.limits.grace })
    }

    /// Where it listens, with the port that the system has chosen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until the signal. From then on no connection is accepted and no run is started; what is under way has the
    /// [grace](Service::grace) to end, and is cancelled after that. Dropping the future stops at once.
    pub async fn until(self, signal: impl Future<Output = ()>) -> Stopped {
        let (stop, stopping) = oneshot::channel::<()>();
        let serving = axum::serve(self.listener, self.router).with_graceful_shutdown(async {
            let _ = stopping.await;
        });
        let mut serving = std::pin::pin!(serving.into_future());
        let ending = Ending(self.runs);
        tokio::select! {
            _ = &mut serving => {}
            () = signal => {}
        }
        ending.0.close();
        drop(stop);
        let last = async {
            ending.0.idle().await;
            let _ = serving.await;
        };
        let _ = tokio::time::timeout(self.grace, last).await;
        Stopped { cancelled: ending.0.cancel() }
    }

    /// Answers requests [until](Self::until) the process is interrupted (ctrl-c) or told to terminate. A second interruption, while
    /// runs have their last time, ends them at once.
    pub async fn until_interrupted(self) -> Stopped {
        let runs = self.runs.clone();
        let interrupted = async {
            interruption().await;
            interruption().await;
            Stopped { cancelled: runs.cancel() }
        };
        tokio::select! {
            stopped = self.until(interruption()) => stopped,
            stopped = interrupted => stopped,
        }
    }
}

/// Cancels what is under way when the server is dropped.
struct Ending(Arc<Runs>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.cancel();
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
