//! What the failures of the protocol mean for a call.

use std::error::Error as StdError;
use std::io;

use flow_runtime::mcp::{ServerFailure, ServerFailureKind};
use rmcp::service::{ClientInitializeError, ServiceError};
use rmcp::transport::streamable_http_client::{HttpStatusError, StreamableHttpError};

type Http = StreamableHttpError<reqwest::Error>;

/// The failure to connect. Nothing was called.
pub(crate) fn to_connect(error: ClientInitializeError) -> ServerFailure {
    let kind = match meaning(&error) {
        Some(ServerFailureKind::Misconfigured) => ServerFailureKind::Misconfigured,
        _ => ServerFailureKind::Unreachable,
    };
    let text = match &error {
        ClientInitializeError::ConnectionClosed(_) => "it ended before it spoke the protocol".to_owned(),
        error => format!("it cannot be connected to: {}", told(error)),
    };
    ServerFailure::new(kind, text).with_source(error)
}

/// The failure of a request that was made.
pub(crate) fn of_request(error: ServiceError) -> ServerFailure {
    let (kind, text) = match &error {
        ServiceError::McpError(refusal) => {
            let kind = ServerFailureKind::Refused { code: refusal.code.0.into() };
            (kind, format!("the server rejects the call: {} (code {})", refusal.message, refusal.code.0))
        }
        ServiceError::UnexpectedResponse => (
            ServerFailureKind::Refused { code: -32600 },
            "the server answers with something else than a result, for example with a question".to_owned(),
        ),
        ServiceError::TransportSend(failure) => {
            let kind = meaning(&*failure.error).unwrap_or(ServerFailureKind::Lost);
            (kind, format!("the call failed: {}", told(&*failure.error)))
        }
        _ => (ServerFailureKind::Lost, "the connection to the server was lost".to_owned()),
    };
    ServerFailure::new(kind, text).with_source(error)
}

/// What a failure of the transport means, if that is certain.
fn meaning(error: &(dyn StdError + 'static)) -> Option<ServerFailureKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<Http>() {
            match error {
                Http::AuthRequired(_) | Http::InsufficientScope(_) => return Some(ServerFailureKind::Misconfigured),
                Http::SessionExpired => return Some(ServerFailureKind::Unreachable),
                _ => {}
            }
        }
        if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect) {
            return Some(ServerFailureKind::Unreachable);
        }
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            return Some(ServerFailureKind::Unreachable);
        }
        if let Some(status) = error.downcast_ref::<HttpStatusError>().map(|error| error.status) {
            return match status {
                429 | 502..=504 => Some(ServerFailureKind::Unreachable),
                400..=499 => Some(ServerFailureKind::Misconfigured),
                _ => None,
            };
        }
        next = error.source();
    }
    None
}

/// The causes on one line, each once, without URLs, which may contain credentials.
fn told(error: &(dyn StdError + 'static)) -> String {
    let (mut text, mut next) = (String::new(), Some(error));
    while let Some(error) = next {
        let part = match error.downcast_ref::<reqwest::Error>() {
            Some(error) => without_url(error),
            None => error.to_string(),
        };
        if !text.contains(&part) {
            text = if text.is_empty() { part } else { format!("{text}: {part}") };
        }
        next = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_url(error: &reqwest::Error) -> String {
    match error.url() {
        Some(url) => error.to_string().replace(&format!(" for url ({url})"), ""),
        None => error.to_string(),
    }
}
