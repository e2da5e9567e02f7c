//! Run ids from the caller.

use axum::http::{HeaderMap, HeaderName};

use super::query::Query;
use crate::problem::{Kind, Problem};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The maximum length of an id, in characters.
const LONGEST: usize = 128;

/// The id in the query or in the header `Idempotency-Key`.
pub(super) fn named(query: &Query, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let refused = |text: &str| Err(Problem::new(Kind::BadRequest, text));
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (key, None) => key.map(|key| key.to_str().map(unquoted).unwrap_or_default()),
        (_, Some(_)) => return refused("the header Idempotency-Key occurs twice"),
    };
    match (query.get("id"), key) {
        (Some(id), Some(key)) if id != key => {
            refused("the query parameter `id` and the header Idempotency-Key differ; send only one")
        }
        (id, key) => id.or(key).map(checked).transpose(),
    }
}

/// The draft standard of the header has quotes around the key; most clients omit them.
fn unquoted(key: &str) -> &str {
    let key = key.trim();
    key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key)
}

fn checked(id: &str) -> Result<String, Problem> {
    let letters = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte));
    if letters && (1..=LONGEST).contains(&id.len()) {
        return Ok(id.to_owned());
    }
    let text = format!("invalid run id: expected 1 to {LONGEST} letters, digits, `-`, `_` or `:`");
    Err(Problem::new(Kind::BadRequest, text))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, Uri};

    use super::*;

    fn id(query: &str, keys: &[&'static str]) -> Option<Option<String>> {
        let query = Query::read(&format!("/x{query}").parse::<Uri>().unwrap(), &["id"]).ok().unwrap();
        let headers = keys.iter().map(|key| (IDEMPOTENCY_KEY, HeaderValue::from_static(key))).collect();
        named(&query, &headers).ok()
    }

    #[test]
    fn it_is_in_the_query_or_in_the_header_with_or_without_quotes() {
        assert_eq!(id("", &[]), Some(None));
        for (query, keys) in [("?id=cv-17", &[][..]), ("", &["cv-17"]), ("", &["\"cv-17\""]), ("?id=cv-17", &["cv-17"])]
        {
            assert_eq!(id(query, keys), Some(Some("cv-17".to_owned())), "{query} {keys:?}");
        }
    }

    #[test]
    fn what_is_no_id_or_two_is_refused() {
        let long = "a".repeat(129);
        for query in ["?id=", "?id=a/b", "?id=a.b", "?id=%C3%A4", &format!("?id={long}")] {
            assert_eq!(id(query, &[]), None, "{query}");
        }
        assert_eq!((id("?id=a", &["b"]), id("", &["a", "a"]), id("", &["\"\""])), (None, None, None));
    }
}
