//! Content negotiation with the header Accept.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The offered media type that the header Accept prefers; the first one if there is no preference, `None` if none is acceptable.
pub(super) fn best<'t>(headers: &HeaderMap, offered: &[&'t str]) -> Option<&'t str> {
    let values: Vec<_> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let ranges: Vec<_> = values.iter().flat_map(|value| value.split(',')).filter_map(range).collect();
    if ranges.is_empty() {
        return offered.first().copied();
    }
    let liked = offered.iter().map(|media| (*media, quality(media, &ranges)));
    // `max_by` returns the last of equal items, so iterate backwards.
    let best = liked.rev().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (best.1 > 0.0).then_some(best.0)
}

/// A media range and its quality, from 0 to 1.
fn range(text: &str) -> Option<(&str, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| range.contains('/'))?;
    let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |quality| quality.parse().ok())?;
    Some((range, quality))
}

/// The quality of a type, by the most specific range.
fn quality(media: &str, ranges: &[(&str, f32)]) -> f32 {
    let family = media.split('/').next().unwrap_or_default();
    let said =
        |range: &str| ranges.iter().find(|(other, _)| other.eq_ignore_ascii_case(range)).map(|(_, quality)| *quality);
    said(media).or_else(|| said(&format!("{family}/*"))).or_else(|| said("*/*")).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_best_liked_type_is_chosen() {
        let offered = ["application/json", "text/vnd.mermaid"];
        for (accept, chosen) in [
            ("*/*", Some("application/json")),
            ("text/*", Some("text/vnd.mermaid")),
            ("application/json;q=0.5, text/vnd.mermaid", Some("text/vnd.mermaid")),
            ("application/json;q=0, */*", Some("text/vnd.mermaid")),
            ("text/html, */*;q=0.1", Some("application/json")),
            ("image/png", None),
        ] {
            let headers = [(ACCEPT, HeaderValue::from_static(accept))].into_iter().collect();
            assert_eq!(best(&headers, &offered), chosen, "{accept}");
        }
        assert_eq!(best(&HeaderMap::new(), &offered), Some("application/json"));
    }
}
