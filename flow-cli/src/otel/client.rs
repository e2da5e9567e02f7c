//! HTTP client of the exporter, on our TLS configuration: the default client pulls in AWS-LC, which needs CMake.

use std::env;
use std::thread;
use std::time::Duration;

use flow_runtime::error::{ErrorKind, Result};
use flow_runtime::tls;
use opentelemetry_otlp::{
    OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT_DEFAULT, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,
};
use reqwest::blocking::Client;

use super::error::setup;

/// # Errors
///
/// Fails if the certificates of the system cannot be read.
pub(super) fn client() -> Result<Client> {
    let tls = tls::config().map_err(|error| setup("TLS cannot be set up", error))?;
    let build = move || Client::builder().tls_backend_preconfigured(tls).timeout(timeout()).build();
    // Building a blocking client on a tokio thread panics.
    match thread::spawn(build).join() {
        Ok(client) => client.map_err(|error| setup("the HTTP client cannot be set up", error)),
        Err(_) => Err(flow_runtime::error::Error::new(ErrorKind::Setup, "the HTTP client cannot be set up")),
    }
}

/// Request timeout from the protocol's environment variables.
fn timeout() -> Duration {
    let millis = |name| env::var(name).ok()?.parse().ok().map(Duration::from_millis);
    millis(OTEL_EXPORTER_OTLP_TRACES_TIMEOUT)
        .or_else(|| millis(OTEL_EXPORTER_OTLP_TIMEOUT))
        .unwrap_or(OTEL_EXPORTER_OTLP_TIMEOUT_DEFAULT)
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn a_client_is_set_up_within_a_runtime() {
        assert!(super::client().is_ok());
    }
}
