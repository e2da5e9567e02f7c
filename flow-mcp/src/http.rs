//! Servers at an address.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use flow_runtime::mcp::{ServerFailure, ServerFailureKind};
use flow_runtime::tls;
use http::{HeaderName, HeaderValue};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::common::client_side_sse::ExponentialBackoff;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;

use crate::setting::{Environment, Setting};

const CONNECT: Duration = Duration::from_secs(10);

/// How often an interrupted stream of events is requested again, which takes half a minute.
const RECONNECTS: usize = 5;

/// An address that speaks streamable HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    url: Setting,
    pub(crate) headers: Vec<(String, Setting)>,
}

impl Http {
    pub(crate) fn new(url: Setting) -> Self {
        Self { url, headers: Vec::new() }
    }

    pub(crate) fn transport(
        &self,
        environment: &Environment,
    ) -> Result<StreamableHttpClientTransport<reqwest::Client>, ServerFailure> {
        let url = self.url.value(environment);
        let url = url.map_err(|variable| misconfigured(format!("the URL needs {variable}, which is not set")))?;
        let headers = self.headers.iter().map(|(name, value)| header(name, value, environment));
        let headers: HashMap<_, _> = headers.collect::<Result<_, _>>()?;
        let mut reconnects = ExponentialBackoff::default();
        reconnects.max_times = Some(RECONNECTS);
        // A new session may be one with a changed server, so its tools are listed again first.
        let mut config =
            StreamableHttpClientTransportConfig::with_uri(url).custom_headers(headers).reinit_on_expired_session(false);
        config.retry_config = Arc::new(reconnects);
        // A call that waits for its turn here would use up its time; steps have limits of their own.
        config.max_concurrent_requests = usize::MAX;
        Ok(StreamableHttpClientTransport::with_client(client()?, config))
    }
}

fn client() -> Result<reqwest::Client, ServerFailure> {
    let tls = tls::config().map_err(|error| misconfigured(format!("TLS cannot be set up: {error}")))?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("flow/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .retry(reqwest::retry::never())
        // Headers and arguments would go wherever the server points to.
        .redirect(reqwest::redirect::Policy::none())
        .build();
    client.map_err(|error| misconfigured(format!("the client cannot be built: {error}")))
}

fn header(name: &str, value: &Setting, environment: &Environment) -> Result<(HeaderName, HeaderValue), ServerFailure> {
    let key = HeaderName::try_from(name).map_err(|_| misconfigured(format!("invalid header name `{name}`")))?;
    let value = value
        .value(environment)
        .map_err(|variable| misconfigured(format!("the header `{name}` needs {variable}, which is not set")))?;
    let mut value = HeaderValue::try_from(value).map_err(|_| {
        misconfigured(format!("the value of the header `{name}` has characters that headers cannot have"))
    })?;
    value.set_sensitive(true);
    Ok((key, value))
}

fn misconfigured(text: String) -> ServerFailure {
    ServerFailure::new(ServerFailureKind::Misconfigured, text)
}
