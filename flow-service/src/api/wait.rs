//! How long a client waits for a run.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use flow_runtime::duration;

use super::query::Query;
use crate::problem::{Kind, Problem};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The longest wait; longer ones are shortened to it.
pub(crate) const LONGEST: Duration = Duration::from_secs(600);

/// A wait, and whether it comes from the header `Prefer`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wait {
    limit: Duration,
    preferred: bool,
}

impl Wait {
    /// Reads `?wait=30s` or `?wait=30`, or else the header `Prefer: wait=30` (RFC 7240); no wait by default.
    pub(super) fn read(query: &Query, headers: &HeaderMap) -> Result<Self, Problem> {
        let limited = |limit: Duration, preferred| Self { limit: limit.min(LONGEST), preferred };
        let Some(text) = query.get("wait") else {
            let preferred = preferred_seconds(headers);
            return Ok(limited(Duration::from_secs(preferred.unwrap_or(0)), preferred.is_some()));
        };
        let limit = text.parse().ok().map(Duration::from_secs).or_else(|| duration::parse(text)).ok_or_else(|| {
            let text = format!("invalid `wait={text}`: expected seconds, or a duration such as `500ms`, `30s` or `5m`");
            Problem::new(Kind::BadRequest, text)
        })?;
        Ok(limited(limit, false))
    }

    pub(super) fn limit(self) -> Duration {
        self.limit
    }

    /// Reports an applied preference in the response.
    pub(super) fn answered(self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        if self.preferred
            && let Ok(applied) = HeaderValue::try_from(format!("wait={}", self.limit.as_secs()))
        {
            response.headers_mut().insert(PREFERENCE_APPLIED, applied);
        }
        response
    }
}

/// The first `wait` among the preferences. Invalid ones are ignored, as RFC 7240 requires.
fn preferred_seconds(headers: &HeaderMap) -> Option<u64> {
    let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split(',')).filter_map(|one| one.split_once('='));
    let (_, seconds) = preferences.find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))?;
    seconds.trim().trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::*;

    fn wait(query: &str, prefer: Option<&'static str>) -> Option<(Duration, bool)> {
        let query = Query::read(&format!("/x{query}").parse::<Uri>().unwrap(), &["wait"]).ok().unwrap();
        let headers = prefer.map(|value| (PREFER, HeaderValue::from_static(value))).into_iter().collect();
        Wait::read(&query, &headers).ok().map(|wait| (wait.limit, wait.preferred))
    }

    #[test]
    fn the_query_stands_over_the_header() {
        let seconds = Duration::from_secs;
        assert_eq!(wait("", None), Some((seconds(0), false)));
        assert_eq!(wait("?wait=2", Some("wait=9")), Some((seconds(2), false)));
        assert_eq!(wait("?wait=5m", None), Some((seconds(300), false)));
        assert_eq!(wait("", Some("respond-async, Wait=\"9\"")), Some((seconds(9), true)));
    }

    #[test]
    fn a_long_wait_is_cut() {
        assert_eq!(wait("?wait=1d", None), Some((LONGEST, false)));
        assert_eq!(wait("", Some("wait=99999")), Some((LONGEST, true)));
    }

    #[test]
    fn a_wrong_query_is_refused_and_a_wrong_preference_ignored() {
        assert_eq!((wait("?wait=soon", None), wait("?wait=-1", None)), (None, None));
        assert_eq!(wait("", Some("wait=soon, handling=lenient")), Some((Duration::ZERO, false)));
    }
}
