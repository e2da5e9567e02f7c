//! The retry advice in response headers.

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

/// The requested delay: `retry-after-ms`, or `retry-after` as seconds or as a date.
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

/// Whether the server asks for a retry, if it says so.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    headers.get("x-should-retry")?.to_str().ok()?.trim().parse().ok()
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
}
