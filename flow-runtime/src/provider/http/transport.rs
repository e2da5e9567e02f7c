//! An HTTP client with timeouts, and bodies of limited size.

use std::error::Error as _;
use std::time::Duration;

use reqwest::{Client, Response, Url, redirect, retry};

use super::text::line;
use crate::provider::{Failure, FailureKind};
use crate::tls;

/// The timeouts of a client.
#[derive(Clone, Copy, Debug)]
pub(in crate::provider) struct Patience {
    /// From the request to the end of the response.
    pub(in crate::provider) total: Duration,
    /// For connecting.
    pub(in crate::provider) connect: Duration,
    /// How long an idle connection is kept.
    pub(in crate::provider) idle: Duration,
    /// For the next bytes of a stream that has begun.
    pub(in crate::provider) stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        // Some servers close a connection after 5 s without a request; closing it first avoids sending on a dead one.
        Self { total: seconds(600), connect: seconds(5), idle: seconds(4), stall: seconds(60) }
    }
}

/// Builds a client that makes single attempts: no redirects, no retries.
///
/// # Errors
///
/// Fails if the system's certificates cannot be read.
pub(in crate::provider) fn client(patience: Patience) -> Result<Client, Failure> {
    let tls = tls::config()
        .map_err(|error| Failure::new(FailureKind::InvalidRequest, format!("TLS cannot be set up: {error}")))?;
    Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("flow/", env!("CARGO_PKG_VERSION")))
        .timeout(patience.total)
        .connect_timeout(patience.connect)
        .pool_idle_timeout(patience.idle)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .build()
        .map_err(failure)
}

/// A body, possibly cut off by a failure.
pub(in crate::provider) struct Body {
    pub(in crate::provider) bytes: Vec<u8>,
    pub(in crate::provider) broken: Option<Failure>,
}

/// Reads a body of which the start is there, up to a size limit. On failure, the bytes received so far are kept.
pub(in crate::provider) async fn read(start: Vec<u8>, mut response: Response, limit: usize) -> Body {
    let mut bytes = start;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit.saturating_sub(bytes.len()) => break Some(too_large(limit)),
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break None,
            Err(error) => break Some(failure(error)),
        }
    };
    Body { bytes, broken }
}

pub(in crate::provider) fn too_large(limit: usize) -> Failure {
    Failure::new(FailureKind::TooLarge, format!("the answer is larger than {limit} bytes"))
}

/// The failure to send to an address.
pub(in crate::provider) fn failure_at(error: reqwest::Error, url: &Url) -> Failure {
    let is_connect = error.is_connect();
    let mut failure = failure(error);
    if is_connect {
        let at = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        failure.message = format!("cannot connect to {at}{port}: {}", failure.message);
    }
    failure
}

/// The failure to send or receive.
pub(in crate::provider) fn failure(error: reqwest::Error) -> Failure {
    let kind = match &error {
        error if error.is_timeout() => FailureKind::TimedOut,
        error if error.is_builder() => FailureKind::InvalidRequest,
        _ => FailureKind::Transport,
    };
    // The URL may contain credentials.
    let error = error.without_url();
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    Failure::new(kind, line(&message))
}
