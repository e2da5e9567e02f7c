//! What the failures of the protocol mean for a call. The errors of the library are not kept as causes, since their texts contain
//! URLs, and URLs may contain keys.

use std::error::Error as StdError;
use std::io;

use flow_runtime::mcp::{ServerFailure, ServerFailureKind};
use rmcp::service::{ClientInitializeError, ServiceError};
use rmcp::transport::streamable_http_client::StreamableHttpError;

/// How many characters of the text of a server a message shows.
const SHOWN: usize = 200;

type Http = StreamableHttpError<reqwest::Error>;

/// The failure to connect. Nothing was called.
pub(crate) fn to_connect(error: &ClientInitializeError) -> ServerFailure {
    let (kind, text) = match error {
        ClientInitializeError::LegacyFallbackFailed { fallback, .. } => return to_connect(fallback),
        ClientInitializeError::ConnectionClosed(_) => closed(),
        // A program that exits before it reads gives an error of writing.
        ClientInitializeError::TransportError { error, .. } if error.error.is::<io::Error>() => closed(),
        ClientInitializeError::TransportError { error, .. } => of_transport(&*error.error),
        ClientInitializeError::JsonRpcError(refusal) => {
            let text = format!("the server rejects the MCP handshake: {} (code {})", refusal.message, refusal.code.0);
            (ServerFailureKind::Unreachable, text)
        }
        error => (ServerFailureKind::Unreachable, format!("the MCP handshake failed: {}", on_one_line(error))),
    };
    let kind = match kind {
        ServerFailureKind::Misconfigured => ServerFailureKind::Misconfigured,
        _ => ServerFailureKind::Unreachable,
    };
    ServerFailure::new(kind, format!("cannot connect: {text}"))
}

fn closed() -> (ServerFailureKind, String) {
    (ServerFailureKind::Unreachable, "the connection was closed before the MCP handshake".to_owned())
}

/// The failure of a request that was made.
pub(crate) fn of_request(error: &ServiceError) -> ServerFailure {
    let (kind, text) = match error {
        ServiceError::McpError(refusal) => {
            let kind = ServerFailureKind::Refused { code: refusal.code.0.into() };
            (kind, format!("the server rejects the call: {} (code {})", refusal.message, refusal.code.0))
        }
        ServiceError::UnexpectedResponse | ServiceError::InputRequiredRoundsExceeded { .. } => {
            (ServerFailureKind::Unexpected, "the response is not the result of a tool".to_owned())
        }
        ServiceError::TransportSend(failure) => of_transport(&*failure.error),
        _ => (ServerFailureKind::Lost, "the connection to the server was lost".to_owned()),
    };
    ServerFailure::new(kind, text)
}

const REDIRECTS: [&str; 2] = ["307", "308"];

/// The statuses of requests that a server did not look into.
const NOT_ACCEPTED: [&str; 8] = ["400", "401", "403", "404", "405", "406", "413", "415"];

fn has_status(text: &str, statuses: &[&str]) -> bool {
    let status = text.strip_prefix("HTTP ").and_then(|text| text.get(..3));
    status.is_some_and(|status| statuses.contains(&status))
}

/// What a failure of the transport means. A call counts as made unless the opposite is certain.
fn of_transport(error: &(dyn StdError + 'static)) -> (ServerFailureKind, String) {
    use ServerFailureKind::{Lost, Misconfigured, Unexpected, Unreachable};
    let Some(http) = error.downcast_ref::<Http>() else {
        return (Lost, "the connection to the server was lost".to_owned());
    };
    match http {
        Http::Client(error) if error.is_builder() => (Misconfigured, on_one_line(error)),
        Http::Client(error) if error.is_connect() => (Unreachable, on_one_line(error)),
        Http::Client(error) => (Lost, on_one_line(error)),
        Http::HttpStatus(error) if error.status == 429 => (Unreachable, "too many requests (HTTP 429)".to_owned()),
        Http::SessionExpired => (Unreachable, "the session has expired".to_owned()),
        Http::AuthRequired(_) => (Misconfigured, "the server requires authorization (HTTP 401)".to_owned()),
        Http::InsufficientScope(_) => (Misconfigured, "the authorization is not sufficient (HTTP 403)".to_owned()),
        Http::ReservedHeaderConflict(name) => (Misconfigured, format!("the header `{name}` is set by the protocol")),
        Http::ResponseBodyTooLarge { max_size } => {
            (Unexpected, format!("the response is larger than {} MiB", max_size / (1024 * 1024)))
        }
        Http::UnexpectedServerResponse(text) if has_status(text, &REDIRECTS) => {
            (Misconfigured, format!("the server redirects: use its final URL ({})", one_line(text)))
        }
        Http::UnexpectedServerResponse(text) if has_status(text, &NOT_ACCEPTED) => (Misconfigured, one_line(text)),
        Http::UnexpectedContentType(_) => (Unexpected, format!("not an MCP response: {}", on_one_line(http))),
        Http::UnexpectedServerResponse(text) => (Unexpected, format!("not an MCP response: {}", one_line(text))),
        error => (Lost, on_one_line(error)),
    }
}

/// An error and its causes, each once.
fn on_one_line(error: &(dyn StdError + 'static)) -> String {
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
    one_line(&text)
}

/// The beginning of a text; servers answer with whole pages.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn without_url(error: &reqwest::Error) -> String {
    match error.url() {
        Some(url) => error.to_string().replace(&format!(" for url ({url})"), ""),
        None => error.to_string(),
    }
}
