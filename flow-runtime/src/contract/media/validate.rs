//! Whether JSON can be read as an attachment.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{HASH, MediaKind, is_recorded, signature};
use crate::violation::{Violation, describe};

/// What keeps `value` from being read as an attachment, seen from the value.
pub(crate) fn violation(kind: MediaKind, value: &Value) -> Option<Violation> {
    let found = match value {
        Value::Object(fields) if fields.contains_key("data") => return unread(kind, fields),
        Value::Object(fields) if fields.contains_key("url") => return unreachable_at(&fields["url"]),
        Value::Object(_) => "an object without them".to_owned(),
        other => describe(other),
    };
    Some(Violation::new(&[], &format!("{} with `media_type` and `data`, or with `url`", kind.text()), &found))
}

fn unread(kind: MediaKind, fields: &Map<String, Value>) -> Option<Violation> {
    let types = kind.media_types();
    let wrong = |field: &str, expected: &str, found: &str| Some(Violation::new(&[field.to_owned()], expected, found));
    let media_type = match fields.get("media_type") {
        Some(Value::String(given)) if types.contains(&given.as_str()) => given,
        given => {
            let expected = types.iter().map(|known| format!("{known:?}")).collect::<Vec<_>>().join(" | ");
            return wrong("media_type", &expected, &given.map_or_else(|| "nothing".to_owned(), describe));
        }
    };
    let Value::String(text) = &fields["data"] else { return wrong("data", "Base64", &describe(&fields["data"])) };
    if is_recorded() && text.starts_with(HASH) {
        return None;
    }
    let bytes = match STANDARD.decode(text) {
        Ok(bytes) => bytes,
        Err(error) => return wrong("data", "Base64 (RFC 4648, section 4)", &format!("invalid text: {error}")),
    };
    match signature(&bytes) {
        Some(own) if own == media_type => None,
        Some(own) => wrong("data", &format!("the bytes of `{media_type}`"), &format!("those of `{own}`")),
        None => wrong("data", &format!("the bytes of `{media_type}`"), "those of no known type"),
    }
}

fn unreachable_at(url: &Value) -> Option<Violation> {
    let is_address = url.as_str().is_some_and(is_web_address);
    (!is_address).then(|| Violation::new(&["url".to_owned()], "an http(s) URL", &describe(url)))
}

/// Whether a text is an absolute URL of a web server, without white space or control characters.
pub(crate) fn is_web_address(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
    });
    let has_host = rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '['));
    has_host && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}
