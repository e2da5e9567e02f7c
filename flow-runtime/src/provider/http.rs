//! What every provider over HTTP needs: a client of bounded patience, a body of bounded size, and the wait that a
//! server asks for.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use reqwest::{Client, Response, redirect, retry};

use super::{Failure, FailureKind};

/// Letters of a body that a failure keeps.
const BODY: usize = 2_000;

/// Letters of what an endpoint said that a failure's line shows.
const LINE: usize = 300;

/// How long a client waits, and for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// From the request to the end of the answer.
    pub(super) total: Duration,
    /// To the connection.
    pub(super) connect: Duration,
    /// How long a connection is kept for the next request.
    pub(super) idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        // Some servers hang up after 5 s without a request; a connection is better closed here than found closed.
        Self { total: seconds(600), connect: seconds(5), idle: seconds(4) }
    }
}

/// A client that does one attempt: it follows no redirect and retries nothing by itself.
pub(super) fn client(patience: Patience) -> Result<Client, reqwest::Error> {
    Client::builder()
        .timeout(patience.total)
        .connect_timeout(patience.connect)
        .pool_idle_timeout(patience.idle)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .build()
}

/// A body, and why it is not whole.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) broken: Option<Failure>,
}

/// Reads a body up to a size. What arrived before a failure is kept.
pub(super) async fn read(mut response: Response, limit: usize) -> Body {
    let mut bytes = Vec::new();
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - bytes.len() => break Some(too_large(limit)),
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break None,
            Err(error) => break Some(transport(error)),
        }
    };
    Body { bytes, broken }
}

fn too_large(limit: usize) -> Failure {
    Failure::new(FailureKind::TooLarge, format!("the answer is larger than {limit} bytes"))
}

/// A failure to send or to receive.
pub(super) fn transport(error: reqwest::Error) -> Failure {
    let kind = match &error {
        error if error.is_timeout() => FailureKind::TimedOut,
        error if error.is_builder() => FailureKind::InvalidRequest,
        _ => FailureKind::Transport,
    };
    // The URL may carry credentials.
    let error = error.without_url();
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    Failure::new(kind, line(&message))
}

/// The wait that a server asks for: `retry-after-ms`, or `retry-after` as seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |name| text(name)?.parse::<f64>().ok();
    let milliseconds = number("retry-after-ms").map(|milliseconds| milliseconds / 1000.0);
    let seconds = milliseconds.or_else(|| number("retry-after"));
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).or_else(|| {
        let date = httpdate::parse_http_date(text("retry-after")?).ok()?;
        Some(date.duration_since(now).unwrap_or_default())
    })
}

/// What the server says about trying again.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    headers.get("x-should-retry")?.to_str().ok()?.trim().parse().ok()
}

/// A body as a failure keeps it.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    // A letter has at most 4 bytes: no more of the body is worth decoding.
    shortened(&String::from_utf8_lossy(&bytes[..bytes.len().min(4 * BODY)]), BODY)
}

/// A text as one line.
pub(super) fn line(text: &str) -> String {
    shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "), LINE)
}

fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(name: &'static str, value: &str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
        let now = httpdate::parse_http_date("Tue, 15 Nov 1994 08:12:31 GMT").unwrap();
        retry_after(&headers, now)
    }

    #[test]
    fn waits_are_read_in_every_form() {
        assert_eq!(wait("retry-after-ms", "1500.5"), Some(Duration::from_micros(1_500_500)));
        assert_eq!(wait("retry-after", "2"), Some(Duration::from_secs(2)));
        assert_eq!(wait("retry-after", "0.25"), Some(Duration::from_millis(250)));
        assert_eq!(wait("retry-after", "Tue, 15 Nov 1994 08:12:41 GMT"), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_date_gone_by_is_no_wait_and_nonsense_is_none() {
        assert_eq!(wait("retry-after", "Tue, 15 Nov 1994 08:12:01 GMT"), Some(Duration::ZERO));
        for nonsense in ["-1", "NaN", "1e300", "soon", ""] {
            assert_eq!(wait("retry-after", nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_kept_is_short_and_whole_letters() {
        assert_eq!(excerpt("é".repeat(9000).as_bytes()).chars().count(), BODY + 1);
        assert_eq!(line(" a\n\tb "), "a b");
    }
}
