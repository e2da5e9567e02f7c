//! Tells a stream from a body that comes at once.

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use super::wire::Wire;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What a line of a stream may start with.
const LINES: &[&[u8]] = &[b":", b"data:", b"event:", b"id:", b"retry:"];

/// Bytes that are read to tell; after that the content type decides.
const ENOUGH: usize = 1024;

/// Reads the start of a response, up to where it shows whether it is a stream.
pub(super) async fn start<W: Wire>(response: &mut Response) -> reqwest::Result<(Vec<u8>, bool)> {
    let (declared, mut start) = (is_declared(response.headers(), W::TYPE), Vec::new());
    loop {
        if let Some(is_stream) = W::is_stream(&start, declared) {
            return Ok((start, is_stream));
        }
        match response.chunk().await? {
            Some(bytes) => start.extend_from_slice(&bytes),
            None => return Ok((start, declared)),
        }
    }
}

fn is_declared(headers: &HeaderMap, expected: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with(expected)
}

/// Whether these bytes begin a stream of events. The content type is right unless they contradict it; `None` if they are too few
/// to tell.
pub(super) fn is_events(start: &[u8], declared: bool) -> Option<bool> {
    let is_short = start.len() < ENOUGH;
    let text = start.strip_prefix(BOM).unwrap_or(start).trim_ascii_start();
    let may_become = |line: &[u8]| line.len() > text.len() && line.starts_with(text);
    match text.first() {
        Some(b'{' | b'[' | b'<') => Some(false),
        Some(_) if declared || LINES.iter().any(|line| text.starts_with(line)) => Some(true),
        None if is_short => None,
        Some(_) if is_short && (may_become(BOM) || LINES.iter().any(|line| may_become(line))) => None,
        _ => Some(declared),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_go_before_the_content_type() {
        for (start, declared, expected) in [
            ("{\"id\"", true, false),
            ("\n [", true, false),
            ("<html>", true, false),
            ("data: {", false, true),
            ("\u{feff}: comment", false, true),
            ("event: ping", false, true),
            ("denied", false, false),
            ("unknown", true, true),
        ] {
            assert_eq!(is_events(start.as_bytes(), declared), Some(expected), "{start:?}");
        }
    }

    #[test]
    fn too_few_bytes_do_not_tell() {
        for start in ["", "\n", "d", "event", "\r\nretry"] {
            assert_eq!(is_events(start.as_bytes(), false), None, "{start:?}");
        }
        assert_eq!(is_events(&BOM[..2], false), None);
        assert_eq!(is_events(&[b' '; ENOUGH], false), Some(false), "blanks without end");
    }
}
